import { randomUUID } from 'node:crypto';
import type { MessageId, RoomId } from '@parley/protocol';
import { describeWith, type ProtocolClient, signUp, type SignedUp } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../harness/chat.ts';
import { startCluster, startEmbedded, type Options, type RunningParley } from '../harness/parley.ts';

const MODES = [
  { mode: 'embedded', needs: [], start: startEmbedded },
  { mode: 'cluster', needs: ['mongo', 'valkey'], start: startCluster },
] as const;

const SECRET = 'nobody-may-read-this';
const PASSWORD = `${SECRET}-password`;
const TEXTS = [`${SECRET}-text`, `${SECRET}-edited`, `${SECRET}-query`, `${SECRET}-room`, `${SECRET}-answer`];

for (const { mode, needs, start } of MODES) {
  describeWith(needs, `what Parley logs, at its most talkative (${mode})`, () => {
    const lines: string[] = [];
    let parley: RunningParley;
    let url: string;
    let ada: SignedUp;
    let client: ProtocolClient;
    let messageId: MessageId;

    beforeAll(async () => {
      const options: Options = { env: { PARLEY_LOG_LEVEL: 'trace' }, onLine: (line) => lines.push(line) };
      parley = await start(options);
      [url] = parley.urls;
      ada = await signUp(url, { password: PASSWORD });
      client = await connect(url, ada);
      await everythingThatPeopleDo();
    });
    afterAll(async () => {
      await client?.close();
      await parley?.stop();
    });

    /** And what they do wrong. */
    async function everythingThatPeopleDo(): Promise<void> {
      const roomId = randomUUID() as RoomId;
      messageId = randomUUID() as MessageId;
      await client.command('create_room', { roomId, name: TEXTS[3], memberIds: [] });
      await client.command('create_message', { roomId, messageId, text: TEXTS[0] ?? '' });
      await client.command('update_message', { roomId, messageId, text: TEXTS[1] ?? '' });
      const answerId = randomUUID() as MessageId;
      await client.command('create_message', { roomId, messageId: answerId, text: TEXTS[4] ?? '', replyTo: messageId });
      await client.command('search_messages', { query: TEXTS[2] ?? '', limit: 10 });
      const { token } = await client.command('create_invitation', { roomId });
      TOKENS.push(token);
      await expect(client.command('join_room', { token: `${SECRET}-invitation` })).rejects.toThrow();
      const refused = { roomId, messageId, text: `${SECRET}-other` };
      await expect(client.command('create_message', refused)).rejects.toThrow('conflict');
      client.send(`{"id": "broken", "action": "create_message", "data": {"text": "${SECRET}-invalid"}}`);
      await client.waitFor((item) => 'id' in item && item.id === 'broken');
      await fetch(`${url}/api/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ email: ada.email, password: `${SECRET}-wrong` }),
      });
      await fetch(`${url}/join/${token}`);
      await fetch(`${url}/api/users?query=${SECRET}-name`, { headers: { cookie: ada.cookie } });
      const garbled = await connect(url, ada);
      garbled.send(`${SECRET}-not-json`);
      await garbled.closed;
    }
    const TOKENS: string[] = [];

    test('names the connection, the action and the message', () => {
      const logged = lines.filter((line) => line.includes('A command was answered.'));
      const said = logged.find((line) => line.includes('create_message') && line.includes(messageId));
      expect(said).toMatch(/"connectionId":"[0-9a-f-]{36}"/);
      expect(said).toMatch(/"commandId":/);
      expect(said).toMatch(/"code":"ok"/);
    });

    test('holds no text, no password, no token, no cookie and no e-mail address', () => {
      const secrets = [SECRET, ada.cookie.slice(ada.cookie.indexOf('=') + 1), ada.email, ...TOKENS];
      const all = lines.join('\n');
      expect(lines.length).toBeGreaterThan(10);
      expect(secrets.filter((secret) => secret === '' || all.includes(secret))).toEqual([]);
    });
  });
}
