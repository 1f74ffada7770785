import { parentPort } from 'node:worker_threads';
import { faultOf, SqliteFile } from './file.ts';
import type { AnswerMessage, RequestMessage, WorkerAnswers, WorkerRequest } from './messages.ts';

// The thread of one SQLite file. Node runs it from the sources by type stripping, so it uses erasable syntax only.

if (!parentPort) throw new Error('This file is the worker thread of openSqlite and cannot run as a program.');
const port = parentPort;
let file: SqliteFile | undefined;

function answer(request: WorkerRequest): WorkerAnswers[WorkerRequest['kind']] {
  if (request.kind === 'open') {
    file = new SqliteFile(request.file);
    return undefined;
  }
  if (!file) throw new Error('The database is not open.');
  switch (request.kind) {
    case 'write':
      return file.commitTogether(request.transactions);
    case 'read':
      return file.read(request.sql, request.params);
    case 'close':
      file.close();
      return undefined;
  }
}

port.on('message', ({ id, request }: RequestMessage) => {
  let message: AnswerMessage;
  try {
    message = { id, answer: answer(request) };
  } catch (error) {
    message = { id, fault: faultOf(error) };
  }
  port.postMessage(message);
  if (request.kind === 'close') port.close();
});
