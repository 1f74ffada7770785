// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import MessageText from './MessageText.ts';

const draw = (text: string) => mount(MessageText, { props: { text, large: false } });

describe('a message’s text', () => {
  it('never becomes markup', () => {
    const text = '<img src=x onerror=alert(1)> & <b>bold</b>';
    const drawn = draw(text);
    expect(drawn.text()).toBe(text);
    expect(drawn.find('img, b').exists()).toBe(false);
  });

  it('links addresses without giving the other page anything', () => {
    const link = draw('see https://example.org/a?b=1#c, then write').get('a');
    expect(link.text()).toBe('https://example.org/a?b=1#c');
    expect(link.attributes()).toMatchObject({
      href: 'https://example.org/a?b=1#c',
      rel: 'noopener noreferrer',
      target: '_blank',
    });
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '//example.org/x'])('does not make a script of %s', (text) => {
    const hrefs = draw(text)
      .findAll('a')
      .map((link) => link.attributes('href') ?? '');
    expect(hrefs.filter((href) => !/^https?:/.test(href))).toEqual([]);
  });

  it('shows code as it was written, without links in it', () => {
    const drawn = draw('run `npm start` or\n```sh\ncurl https://example.org\n```\nthen');
    expect(drawn.get('code.code').text()).toBe('npm start');
    expect(drawn.get('pre').text()).toBe('curl https://example.org');
    expect(drawn.find('a').exists()).toBe(false);
  });
});
