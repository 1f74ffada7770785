import { beforeEach, expect, test } from 'vitest';
import type { EngineMessage, Patch } from '../protocol/messages.ts';
import { FakeLocks } from '../testing/fake-locks.ts';
import { FakeTab } from '../testing/fake-tab.ts';
import { settle } from '../testing/fake-clock.ts';
import { ada } from '../testing/fake-browser.ts';
import { Tab } from './tab.ts';

const engineId = 'engine';

let handedOn: number[];
let frames: (() => void)[];
let visible: boolean;
let send: (message: EngineMessage) => void;
let tab: Tab;

beforeEach(async () => {
  [handedOn, frames, visible] = [[], [], true];
  const view = new FakeTab();
  tab = new Tab(
    {
      ...{ tabId: 'tab', user: ada, locks: new FakeLocks(), isVisible: () => visible },
      after: () => () => undefined,
      beforeFrame: (run) => void frames.push(run),
      openPort: (receive) => {
        send = receive;
        return { post: () => undefined, close: () => undefined };
      },
    },
    {
      onSnapshot: (snapshot) => view.onSnapshot(snapshot),
      onPatches: (patches) => void handedOn.push(patches.length),
    },
  );
  await settle();
  send({
    kind: 'snapshot',
    snapshot: {
      ...{ engineId, user: ada, limits: null, connection: { status: 'connecting' }, storage: 'durable' },
      ...{ rooms: [], roomsLoaded: false, users: [], unsent: [], drafts: [], presence: [] },
    },
  });
});

const patch: Patch = { kind: 'users', users: [] };
const sendPatch = (): void => send({ kind: 'patches', engineId, patches: [patch] });
const frame = (): void => frames.splice(0).forEach((run) => run());

test('delivers a patch after a rest at once, and later ones together before the next frame', () => {
  sendPatch();
  expect(handedOn).toEqual([1]);
  sendPatch();
  sendPatch();
  expect(handedOn).toEqual([1]);
  frame();
  expect(handedOn).toEqual([1, 2]);
  sendPatch();
  frame();
  frame();
  expect(handedOn).toEqual([1, 2, 1]);
  sendPatch();
  expect(handedOn).toEqual([1, 2, 1, 1]);
});

test('delivers patches that precede an answer before it', async () => {
  const answered = tab.request('reconnect', {}).then(() => handedOn.length);
  sendPatch();
  sendPatch();
  send({ kind: 'answer', requestId: 1, ok: null });
  expect(await answered).toBe(2);
});

test('delivers patches at once while the page is hidden, and held ones when it becomes hidden', () => {
  sendPatch();
  sendPatch();
  visible = false;
  tab.visibilityChanged();
  expect(handedOn).toEqual([1, 1]);
  sendPatch();
  expect(handedOn).toEqual([1, 1, 1]);
});

test('delivers nothing after the tab was closed, even if patches were held for a frame', () => {
  sendPatch();
  sendPatch();
  tab.close();
  frame();
  expect(handedOn).toEqual([1]);
});
