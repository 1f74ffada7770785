import type { RoomId } from '@parley/protocol';
import { openDB } from 'idb';
import type { OutgoingMessage } from '../../domain/outbox.ts';
import type { World, Written } from './world.ts';

/** What holds at every moment, whatever is under way. @throws Error that says what does not */
export async function checkMoment(world: World): Promise<void> {
  if (world.browser.server.sockets > 1) throw new Error(`${world.browser.server.sockets} sockets are open.`);
  for (const { roomId } of world.rooms) checkLog(world, roomId);
  const unsent = await storedMessages();
  for (const written of world.written) {
    if (!written.isMessage || !written.isKept || isIn(logOf(world, written.roomId), written)) continue;
    if (!isIn(unsent, written)) throw new Error(`${written.word} is neither in the outbox nor in the log.`);
  }
}

/** What holds once all trouble has ended. @throws Error that says what does not */
export function checkRest(world: World): void {
  const first = world.tabs[0]?.view;
  for (const { view, tabId } of world.tabs) {
    if (view.connection.status !== 'online') throw new Error(`${tabId} says ${view.connection.status}.`);
    const unsent = [...view.unsent.values()].map(({ text }) => text).join(', ');
    if (unsent !== '') throw new Error(`${tabId} still shows ${unsent}.`);
    for (const room of world.rooms) {
      const log = room.messages().map(({ text }) => text);
      const lines = view.lines(room.roomId);
      equal(lines, log.slice(log.length - lines.length), `${tabId} shows of ${room.name}`);
      if (lines.length < Math.min(log.length, 50)) throw new Error(`${tabId} shows ${lines.length} of ${log.length}.`);
      equal(view.rooms.get(room.roomId)?.count, log.length, `${tabId} counts in ${room.name}`);
      equal(
        view.drafts.get(room.roomId) ?? '',
        first?.drafts.get(room.roomId) ?? '',
        `${tabId}'s draft in ${room.name}`,
      );
    }
  }
  for (const written of world.written.filter(({ isKept }) => isKept)) {
    const shown = [...logOf(world, written.roomId), first?.drafts.get(written.roomId) ?? ''];
    if (!isIn(shown, written)) throw new Error(`${written.word}, which was kept, is nowhere.`);
  }
}

/** No message twice, and those of one tab in the order in which it wrote them. */
function checkLog(world: World, roomId: RoomId): void {
  const log = logOf(world, roomId);
  const messages = world.written.filter((written) => written.isMessage && written.roomId === roomId);
  const last = new Map<string, { place: number; word: string }>();
  for (const written of messages) {
    const places = log.flatMap((text, place) => (isIn([text], written) ? [place] : []));
    if (places.length > 1) throw new Error(`${written.word} is in the log ${places.length} times.`);
    const [place] = places;
    if (place === undefined) continue;
    const before = last.get(written.tabId);
    if (before && before.place > place)
      throw new Error(`${before.word} was written before ${written.word}, and came after.`);
    last.set(written.tabId, { place, word: written.word });
  }
}

const logOf = (world: World, roomId: RoomId): string[] =>
  world.browser.server.rooms
    .get(roomId)
    ?.messages()
    .map(({ text }) => text) ?? [];

const isIn = (texts: readonly string[], { word }: Written): boolean =>
  texts.some((text) => text.split(/\s/).includes(word));

async function storedMessages(): Promise<string[]> {
  // To open what no engine has made yet would make it.
  if ((await indexedDB.databases()).length === 0) return [];
  const database = await openDB('parley-ada');
  try {
    const messages = (await database.getAll('outgoingMessage')) as OutgoingMessage[];
    return messages.map(({ text }) => text);
  } finally {
    database.close();
  }
}

function equal(actual: unknown, expected: unknown, what: string): void {
  const [shown, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (shown !== wanted) throw new Error(`${what}: ${shown}, not ${wanted}.`);
}
