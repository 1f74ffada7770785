// @vitest-environment happy-dom
import { LIMITS, type RoomId } from '@parley/protocol';
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useEngineStore } from '../../stores/engine.ts';
import type { Intent } from '../../engine/protocol/messages.ts';
import Composer from './Composer.vue';

const roomId = 'room-0123456789abcdef' as RoomId;

/** The requests to the engine, and its answers, which are withheld until the test releases them. */
class ScriptedEngine {
  readonly requests: { intent: Intent; text: string }[] = [];
  readonly #answers: ((failure?: Error) => void)[] = [];

  request = (intent: Intent, data: object): Promise<never> => {
    this.requests.push({ intent, text: 'text' in data ? String(data.text) : '' });
    if (intent !== 'send_message') return Promise.resolve({ text: this.requests.at(-1)?.text } as never);
    return new Promise((resolve, reject) => {
      this.#answers.push((failure) => (failure === undefined ? resolve({ draft: '' } as never) : reject(failure)));
    });
  };

  async answer(failure?: Error): Promise<void> {
    this.#answers.shift()?.(failure);
    await flushPromises();
  }

  texts(intent: Intent): string[] {
    return this.requests.filter((sent) => sent.intent === intent).map(({ text }) => text);
  }
}

function open() {
  const engine = new ScriptedEngine();
  Object.assign(useEngineStore(), { request: engine.request });
  const composer = mount(Composer, { props: { roomId }, attachTo: document.body });
  const box = composer.get('textarea');
  const type = (text: string) => box.setValue(box.element.value + text);
  const enter = (init: KeyboardEventInit = {}) => box.trigger('keydown', { key: 'Enter', ...init });
  return { engine, composer, box, type, enter };
}

describe('the composer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    setActivePinia(createPinia());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    document.body.replaceChildren();
  });

  it('sends on Enter and clears once the engine has stored the message', async () => {
    const { engine, box, type, enter } = open();
    await type('  hello ');
    await enter();
    expect(engine.texts('send_message')).toEqual(['hello']);
    expect(box.element.value).toBe('  hello ');
    await engine.answer();
    expect(box.element.value).toBe('');
  });

  it.each([
    ['while an input method composes', { isComposing: true }],
    ['while an input method composes in Safari', { keyCode: 229 }],
    ['with Shift', { shiftKey: true }],
  ])('does not send on Enter %s', async (_case, init) => {
    const { engine, type, enter } = open();
    await type('hello');
    await enter(init);
    expect(engine.texts('send_message')).toEqual([]);
  });

  it('sends by the button only where Enter belongs to an on-screen keyboard', async () => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (query) => Object.assign(new EventTarget(), { matches: query === '(pointer: coarse)' }) as MediaQueryList,
    );
    const { engine, composer, type, enter } = open();
    await type('hello');
    await enter();
    expect(engine.texts('send_message')).toEqual([]);
    await composer.get('form').trigger('submit');
    expect(engine.texts('send_message')).toEqual(['hello']);
  });

  it('does not send blank text', async () => {
    const { engine, type, enter } = open();
    await type(' \n ');
    await enter();
    expect(engine.requests).toEqual([]);
  });

  it('keeps text typed while a message is being stored, and sends each message as it was at Enter', async () => {
    const { engine, box, type, enter } = open();
    await type('one');
    await enter();
    await type('two');
    await enter();
    await type('thr');
    await engine.answer();
    expect(box.element.value).toBe('twothr');
    await engine.answer();
    expect(engine.texts('send_message')).toEqual(['one', 'two']);
    expect(box.element.value).toBe('thr');
  });

  it('sends the text that replaces one being stored, once', async () => {
    const { engine, box, enter } = open();
    for (const text of ['one', 'two']) {
      await box.setValue(text);
      await enter();
      await enter();
    }
    await engine.answer();
    await engine.answer();
    expect(engine.texts('send_message')).toEqual(['one', 'two']);
    expect(box.element.value).toBe('');
  });

  it('keeps the text and shows the reason when it could not be stored', async () => {
    const { engine, composer, box, type, enter } = open();
    await type('hello');
    await enter();
    await engine.answer(new Error('The disk is full. Make room and try again.'));
    expect(box.element.value).toBe('hello');
    expect(composer.get('#composer-note').text()).toBe('The disk is full. Make room and try again.');
  });

  it('shows by how much a text is too long, and does not send it', async () => {
    const { engine, composer, type, enter } = open();
    await type('x'.repeat(LIMITS.textLength + 3));
    await enter();
    expect(composer.get('#composer-note').text()).toContain('3 characters too long');
    expect(engine.texts('send_message')).toEqual([]);
  });

  it('saves the draft within 120 ms of the first change, and at once when it loses the focus', async () => {
    const { engine, box, type } = open();
    await type('a');
    vi.advanceTimersByTime(100);
    await type('b');
    vi.advanceTimersByTime(20);
    expect(engine.texts('save_draft')).toEqual(['ab']);
    await type('c');
    await box.trigger('blur');
    expect(engine.texts('save_draft')).toEqual(['ab', 'abc']);
  });

  it('does not save a sent message as a draft', async () => {
    const { engine, type, enter } = open();
    await type('hello');
    await enter();
    await engine.answer();
    vi.runAllTimers();
    expect(engine.texts('save_draft')).toEqual([]);
  });

  it('saves the rest of the text when the user leaves the room', async () => {
    const { engine, composer, type } = open();
    await type('half a thought');
    composer.unmount();
    expect(engine.texts('save_draft')).toEqual(['half a thought']);
  });

  it('shows what another tab types, unless its own text is unsaved', async () => {
    const { box, type } = open();
    const drafts = useDraftsStore();
    drafts.set(roomId, 'from the other tab');
    await flushPromises();
    expect(box.element.value).toBe('from the other tab');
    await type(', and mine');
    drafts.set(roomId, 'again');
    await flushPromises();
    expect(box.element.value).toBe('from the other tab, and mine');
  });
});
