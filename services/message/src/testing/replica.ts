import { createLogger, systemClock } from '@parley/platform';
import { AppendService } from '../append/append.service.ts';
import { AttachmentClaims } from '../attachments/attachment-claims.ts';
import { AttachmentService } from '../attachments/attachment.service.ts';
import { AttachmentSweeper } from '../attachments/attachment-sweeper.ts';
import { ChangePlanner } from '../changes/change-planner.ts';
import { HistoryService } from '../history/history.service.ts';
import { Lanes } from '../log/lanes.ts';
import { RoomPublisher } from '../log/publisher.ts';
import { OwnReactions } from '../reactions/own-reactions.ts';
import { SearchIndexer } from '../search/search-indexer.ts';
import { SearchService } from '../search/search.service.ts';
import { MessageApiService } from '../message-api.service.ts';
import { RecordingBus } from './recording-bus.ts';
import type { MessageStorage } from '../storage/storage.ts';

/** One message service over a store. Several over the same database are replicas of it. */
export function openReplica(
  { log: repository, reactions, mentions, search, members, attachments, bytes }: MessageStorage,
  { quota = 0 } = {},
) {
  const logger = createLogger('message', 'silent');
  const bus = new RecordingBus();
  const publisher = new RoomPublisher(bus, logger);
  const claims = new AttachmentClaims(attachments, repository, members);
  const lanes = new Lanes({
    repository,
    planner: new ChangePlanner({ repository, reactions }),
    members,
    publisher,
    clock: systemClock,
    random: Math.random,
    logger,
  });
  const indexer = new SearchIndexer(repository, search, logger);
  const append = new AppendService(lanes, claims, indexer);
  const sweeper = new AttachmentSweeper(attachments, bytes, repository, logger);
  const own = new OwnReactions(reactions);
  const history = new HistoryService(repository, members, own);
  const images = new AttachmentService(attachments, bytes, members, quota);
  return {
    api: new MessageApiService(append, history, images, mentions, own, new SearchService(search, repository, members)),
    append,
    bus,
    claims,
    sweeper,
    indexer,
    search,
  };
}

export type Replica = ReturnType<typeof openReplica>;
