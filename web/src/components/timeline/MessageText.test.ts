// @vitest-environment happy-dom
import type { User, UserId } from '@parley/protocol';
import { mount } from '@vue/test-utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMessageParser } from '../../format/message-parser.ts';
import MessageText from './MessageText.ts';

const ada: User = { userId: 'ada' as UserId, displayName: 'Ada' };
const draw = (text: string, mentioned: readonly User[] = []) =>
  mount(MessageText, { props: { text, large: false, mentioned, ownId: ada.userId } });

it('a message’s text is shown as it was written until the parser is loaded', async () => {
  const drawn = draw('**soon** bold');
  expect(drawn.text()).toBe('**soon** bold');
  await loadMessageParser();
  await drawn.vm.$nextTick();
  expect(drawn.text()).toBe('soon bold');
});

describe('a message’s text', () => {
  beforeAll(loadMessageParser);

  it('never becomes markup', () => {
    const text = '<img src=x onerror=alert(1)> & <b>bold</b>';
    const drawn = draw(text);
    expect(drawn.text()).toBe(text);
    expect(drawn.find('img, b').exists()).toBe(false);
  });

  it('links addresses without an opener or a referrer', () => {
    const link = draw('see https://example.org/a?b=1#c, then write').get('a');
    expect(link.text()).toBe('https://example.org/a?b=1#c');
    expect(link.attributes()).toMatchObject({
      href: 'https://example.org/a?b=1#c',
      rel: 'noopener noreferrer',
      target: '_blank',
    });
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.org'])('does not link %s', (text) => {
    expect(draw(text).find('a').exists()).toBe(false);
  });

  it('shows code as it was written, without links in it', () => {
    const drawn = draw('run `npm start` or\n```sh\ncurl https://example.org\n```\nthen');
    expect(drawn.get('code.code').text()).toBe('npm start');
    expect(drawn.get('pre code').text()).toBe('curl https://example.org');
    expect(drawn.find('a').exists()).toBe(false);
  });

  it('highlights mentions, and the reader’s own more', () => {
    const drawn = draw('> hi @Ada and @Bob', [ada]);
    expect(drawn.findAll('.message-mention').map((mention) => mention.text())).toEqual(['@Ada']);
    expect(drawn.find('.message-mention-own').exists()).toBe(true);
  });

  it('takes the direction of each paragraph from its text', () => {
    const paragraphs = draw('hello **you**\n\nمرحبا **بك**').findAll('p');
    expect(paragraphs.map((paragraph) => paragraph.attributes('dir'))).toEqual(['auto', 'auto']);
  });
});
