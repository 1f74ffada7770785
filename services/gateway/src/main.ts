import 'reflect-metadata';
import { runService } from '@parley/platform';
import { gatewayService } from './start.ts';

await runService(gatewayService);
