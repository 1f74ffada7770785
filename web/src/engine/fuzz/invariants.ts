import type { Message, RoomId, UserId } from '@parley/protocol';
import { ada } from '../testing/fake-browser.ts';
import type { StepTiming } from './steps.ts';
import { equalTabs } from './equal-tabs.ts';
import type { World } from './world.ts';
import type { Written } from './writing.ts';

/** Checks the invariants that hold at every moment. @throws Error with what does not hold */
export function checkMoment(world: World, { turns }: StepTiming): void {
  const { server, serverOfEve } = world.browser;
  for (const { user, sockets } of [server, serverOfEve]) {
    if (sockets > 1) throw new Error(`${sockets} sockets are open for ${user.displayName}.`);
  }
  for (const { roomId } of world.allRooms) checkLog(world, roomId);
  checkKept(world);
  checkDeleted(world);
  checkEve(world);
  equalTabs(world, turns === 'settled');
}

/** Checks the invariants that hold once all faults have ended. @throws Error with what does not hold */
export function checkRest(world: World): void {
  for (const { view, tabId } of world.tabs) {
    if (view.connection.status !== 'online') throw new Error(`${tabId} is ${view.connection.status}.`);
    // A room that was created while the disk was full is lost with its engine.
    const isLost = (roomId: RoomId): boolean =>
      view.storage !== 'durable' && !world.allRooms.some((room) => room.roomId === roomId);
    const unsent = [...view.unsent.values()].flatMap(({ text, roomId }) => (isLost(roomId) ? [] : text)).join(', ');
    if (unsent !== '') throw new Error(`${tabId} still shows ${unsent}.`);
    for (const room of world.rooms) {
      const log = room.messages().map(({ text }) => text);
      const lines = view.lines(room.roomId).filter((line) => line !== 'joined' && line !== 'left');
      equal(lines, log.slice(log.length - lines.length), `${tabId} shows of ${room.name}`);
      if (lines.length < Math.min(log.length, 50)) throw new Error(`${tabId} shows ${lines.length} of ${log.length}.`);
      equal(view.rooms.get(room.roomId)?.count, log.length, `${tabId} counts in ${room.name}`);
    }
  }
  const stored = storedIn(world, ada.userId);
  if (
    world.tabs.every(({ view }) => view.storage === 'durable') &&
    !world.writing.images.some(({ isVolatile }) => isVolatile)
  ) {
    const named = new Set(stored.images);
    const orphan = stored.blobs.find((imageId) => !named.has(imageId));
    if (orphan !== undefined) throw new Error(`${orphan} is stored, and nothing names it.`);
  }
}

/** What was acknowledged as stored is on the disk or in the log: words, and attachments with their bytes. */
function checkKept(world: World): void {
  const { words, images } = world.writing;
  const stored = storedIn(world, ada.userId);
  const messages = world.allRooms.flatMap((room) => room.messages());
  const texts = new Set([...stored.texts, ...messages.map(({ text }) => text)].flatMap((text) => text.split(/\s+/)));
  for (const written of words.filter(mustBeThere)) {
    if (!texts.has(written.word)) throw new Error(`${written.word}, which was kept, is nowhere.`);
  }
  const [named, blobs] = [new Set(stored.images), new Set(stored.blobs)];
  const sent = new Set(messages.flatMap(attachmentsOf));
  for (const { word } of images.filter(mustBeThere)) {
    if (!sent.has(word) && !(named.has(word) && blobs.has(word)))
      throw new Error(`The image ${word}, which was kept, is nowhere.`);
  }
}

const mustBeThere = ({ isKept, isVolatile, isUnwanted }: Written): boolean => isKept && !isVolatile && !isUnwanted;

/** No message or attachment is stored twice, and messages of a tab are in the order in which it wrote them. */
function checkLog(world: World, roomId: RoomId): void {
  const { words, images } = world.writing;
  const log = messagesIn(world, roomId);
  const places = new Map(log.flatMap(({ text }, place) => text.split(/\s+/).map((word) => [word, place] as const)));
  const last = new Map<string, { place: number; word: string }>();
  for (const written of words.filter(({ roomId: own }) => own === roomId)) {
    const { word, tabId, isMessage } = written;
    const times = log.filter(({ text }) => text.split(/\s+/).includes(word)).length;
    // Two tabs that send at once both send the draft.
    if (!isMessage) continue;
    if (times > 1) throw new Error(`${word} is in the log ${times} times.`);
    const place = places.get(word);
    if (place === undefined) continue;
    const before = last.get(tabId);
    if (before && before.place > place) throw new Error(`${before.word} was written before ${word}, and came after.`);
    last.set(tabId, { place, word });
  }
  for (const { word, isMessage } of images) {
    if (!isMessage) continue;
    const times = log.filter((message) => attachmentsOf(message).includes(word)).length;
    if (times > 1) throw new Error(`The image ${word} is in the log ${times} times.`);
  }
}

function checkDeleted(world: World): void {
  const sent = world.allRooms.flatMap((room) => room.messages()).find(({ messageId }) => world.deleted.has(messageId));
  if (sent) throw new Error(`${sent.text} was deleted, and is in the log.`);
}

/** Nothing of Ada's reaches Eve's server connection or tabs. */
function checkEve({ browser, guests, writing }: World): void {
  const own = new Set([...writing.words, ...writing.images].map(({ word }) => word));
  const received = [
    ...browser.serverOfEve.received.flatMap(({ action, data }) => (action === 'create_message' ? [data.text] : [])),
    ...guests.flatMap(({ view }) => [...view.drafts.values(), ...[...view.unsent.values()].map(({ text }) => text)]),
    ...guests.flatMap(({ view }) => [...view.timelines.keys()].flatMap((roomId) => view.lines(roomId))),
  ];
  const foreign = received.flatMap((text) => text.split(/\s+/)).find((word) => own.has(word));
  if (foreign !== undefined) throw new Error(`Eve has ${foreign}, which is Ada's.`);
}

/** What is stored on the disk, whether an engine knows of it or not. */
function storedIn({ browser: { disk } }: World, userId: UserId) {
  const database = `parley-${userId}`;
  const records = (['draftMessage', 'outgoingMessage'] as const).flatMap((store) =>
    disk.peek<{ text: string; images: readonly { imageId: string }[] }>(database, store),
  );
  return {
    texts: records.map(({ text }) => text),
    images: records.flatMap(({ images }) => images.map(({ imageId }) => imageId)),
    blobs: disk.peek<{ imageId: string }>(database, 'messageImage').map(({ imageId }) => imageId),
  };
}

const messagesIn = ({ allRooms }: World, roomId: RoomId): readonly Message[] =>
  allRooms.find((room) => room.roomId === roomId)?.messages() ?? [];

const attachmentsOf = ({ attachments }: Message): string[] =>
  attachments.map(({ contentType }) => contentType.replace('image/', ''));

function equal(actual: unknown, expected: unknown, what: string): void {
  const [shown, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (shown !== wanted) throw new Error(`${what}: ${shown}, not ${wanted}.`);
}
