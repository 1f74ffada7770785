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
let say: (message: EngineMessage) => void;
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
        say = receive;
        return { post: () => undefined, close: () => undefined };
      },
    },
    {
      onSnapshot: (snapshot) => view.onSnapshot(snapshot),
      onPatches: (patches) => void handedOn.push(patches.length),
    },
  );
  await settle();
  say({
    kind: 'snapshot',
    snapshot: {
      ...{ engineId, user: ada, limits: null, connection: { status: 'connecting' }, storage: 'durable' },
      ...{ rooms: [], roomsLoaded: false, users: [], unsent: [], drafts: [], presence: [] },
    },
  });
});

const patch: Patch = { kind: 'users', users: [] };
const speak = (): void => say({ kind: 'patches', engineId, patches: [patch] });
const frame = (): void => frames.splice(0).forEach((run) => run());

test('delivers a patch after a rest at once, and later ones together before the next frame', () => {
  speak();
  expect(handedOn).toEqual([1]);
  speak();
  speak();
  expect(handedOn).toEqual([1]);
  frame();
  expect(handedOn).toEqual([1, 2]);
  speak();
  frame();
  frame();
  expect(handedOn).toEqual([1, 2, 1]);
  speak();
  expect(handedOn).toEqual([1, 2, 1, 1]);
});

test('delivers patches that precede an answer before it', async () => {
  const answered = tab.request('reconnect', {}).then(() => handedOn.length);
  speak();
  speak();
  say({ kind: 'answer', requestId: 1, ok: null });
  expect(await answered).toBe(2);
});

test('delivers patches at once while the page is hidden, and held ones when it becomes hidden', () => {
  speak();
  speak();
  visible = false;
  tab.visibilityChanged();
  expect(handedOn).toEqual([1, 1]);
  speak();
  expect(handedOn).toEqual([1, 1, 1]);
});

test('delivers nothing after the tab was closed, even if patches were held for a frame', () => {
  speak();
  speak();
  tab.close();
  frame();
  expect(handedOn).toEqual([1]);
});
