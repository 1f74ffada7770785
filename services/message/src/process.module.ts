import { Global, Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { BUS, type Bus } from '@parley/bus';
import { LOGGER, mongoConnectionOptions, type Config, type Logger } from '@parley/platform';
import { MessageModule } from './message.module.ts';

/** The message service as a process of its own. */
@Global()
@Module({})
export class ProcessModule {
  static forRoot({ config, bus, logger }: { config: Config<'message'>; bus: Bus; logger: Logger }): DynamicModule {
    const { mongoUrl, limitAttachmentBytesPerUser: attachmentBytesPerUser } = config;
    return {
      module: ProcessModule,
      imports: [
        MongooseModule.forRoot(mongoUrl, { ...mongoConnectionOptions(), retryAttempts: 0 }),
        MessageModule.forMongo({ attachmentBytesPerUser }),
      ],
      providers: [
        { provide: BUS, useValue: bus },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [BUS, LOGGER],
    };
  }
}
