import { Global, Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { BUS, type Bus } from '@parley/bus';
import { LOGGER, mongoConnectionOptions, type Config, type Logger } from '@parley/platform';
import type { Registry } from 'prom-client';
import { MessageModule } from './message.module.ts';

interface ProcessParts {
  readonly config: Config<'message'>;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** The message service as a process of its own. */
@Global()
@Module({})
export class ProcessModule {
  static forRoot({ config, bus, logger, registry }: ProcessParts): DynamicModule {
    const { mongoUrl, limitAttachmentBytesPerUser: attachmentBytesPerUser } = config;
    return {
      module: ProcessModule,
      imports: [
        MongooseModule.forRoot(mongoUrl, { ...mongoConnectionOptions(), retryAttempts: 0 }),
        MessageModule.forMongo({ attachmentBytesPerUser, registry }),
      ],
      providers: [
        { provide: BUS, useValue: bus },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [BUS, LOGGER],
    };
  }
}
