import 'reflect-metadata';
import { runService } from '@parley/platform';
import { messageService } from './start.ts';

await runService(messageService);
