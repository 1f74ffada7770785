import 'reflect-metadata';
import { runService } from '@parley/platform';
import { roomService } from './start.ts';

await runService(roomService);
