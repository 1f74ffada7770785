import type { OpenTab } from '../testing/fake-browser.ts';
import type { World } from './world.ts';

/**
 * Checks that all tabs that the engine has answered show the same.
 * @param isSettled whether opened rooms are loaded, so that their lines can be compared, too
 * @throws Error with the difference between two tabs
 */
export function equalTabs(world: World, isSettled: boolean): void {
  const { engineId } = world.browser;
  const [first, ...others] = world.tabs.filter(({ view, isConnected }) => view.engineId === engineId && isConnected());
  if (!first) return;
  for (const other of others) {
    for (const [what, look] of LOOKS) alike(first, other, what, look);
    for (const { roomId, name } of world.allRooms) {
      const isWriting = [first, other].some(({ tabId }) => world.writing.isBusy(tabId, roomId));
      if (!isWriting) alike(first, other, `draft in ${name}`, ({ view }) => view.drafts.get(roomId) ?? '');
      alike(first, other, `reply in ${name}`, ({ view }) => view.draftReplies.get(roomId) ?? null);
      alike(first, other, `images in ${name}`, ({ view }) => view.draftAttachments.get(roomId) ?? []);
      const isOpen = [first, other].every(({ view }) => view.timelines.has(roomId));
      if (isSettled && isOpen) alike(first, other, `lines of ${name}`, ({ view }) => view.lines(roomId));
    }
  }
}

const LOOKS: readonly (readonly [string, (tab: OpenTab) => unknown])[] = [
  ['connection', ({ view }) => view.connection],
  ['storage', ({ view }) => view.storage],
  ['unsent messages', ({ view }) => [...view.unsent.values()]],
  ['rooms', ({ view }) => [...view.rooms.values()].sort((one, other) => (one.roomId < other.roomId ? -1 : 1))],
];

function alike(one: OpenTab, other: OpenTab, what: string, look: (tab: OpenTab) => unknown): void {
  const [shown, expected] = [JSON.stringify(look(other)), JSON.stringify(look(one))];
  if (shown !== expected) throw new Error(`${other.tabId}'s ${what}: ${shown}; ${one.tabId}'s: ${expected}.`);
}
