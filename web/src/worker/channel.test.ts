import { expect, test } from 'vitest';
import { serveChannel, type Channel, type ChannelMessage } from './channel.ts';
import type { Post } from './hub.ts';
import type { TabMessage } from './messages.ts';

const visibility: TabMessage = { kind: 'visibility', visible: true };

/** An engine's end of a channel, with what it sent and what its ports received. */
function serve() {
  const sent: ChannelMessage[] = [];
  const ports: { post: Post; received: TabMessage[] }[] = [];
  const channel: Channel = { postMessage: (message) => void sent.push(message), onmessage: null };
  serveChannel(channel, 'engine', (post) => {
    const port = { post, received: [] as TabMessage[] };
    ports.push(port);
    return (message) => void port.received.push(message);
  });
  const say = (data: ChannelMessage): void => channel.onmessage?.(new MessageEvent('message', { data }));
  return { sent, ports, say };
}

test('an engine on a channel says first that it has started', () => {
  expect(serve().sent).toEqual([{ started: 'engine' }]);
});

test('each tab of a channel has a port of its own, which answers only it', () => {
  const { sent, ports, say } = serve();
  say({ from: 'one', message: visibility });
  say({ from: 'other', message: visibility });
  say({ from: 'one', message: { kind: 'bye' } });
  expect(ports.map(({ received }) => received.length)).toEqual([2, 1]);
  const answer = { kind: 'answer', requestId: 1, ok: null } as const;
  ports[1]?.post(answer);
  expect(sent.at(-1)).toEqual({ to: 'other', message: answer });
});

test('what other ends of the channel hear is no concern of the engine', () => {
  const { ports, say } = serve();
  say({ started: 'another' });
  say({ to: 'one', message: { kind: 'answer', requestId: 1, ok: null } });
  expect(ports).toEqual([]);
});
