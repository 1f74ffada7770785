import { randomUUID } from 'node:crypto';
import { describeWith } from '@parley/testing';
import { freePort } from '@parley/testing/servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  abandon,
  requestsAtGateway,
  requestsAtManagement,
  requestsAtService,
  signUpAbandoningUser,
  type AbandonedRequest,
  type AbandoningUser,
} from '../harness/abandoned-requests.ts';
import { startCluster, startEmbedded, type RunningParley } from '../harness/parley.ts';

/** How often each request is made: whether its end meets the wrong moment is a matter of chance. */
const REPETITIONS = 20;

async function abandonEach(port: number, requests: readonly AbandonedRequest[]): Promise<void> {
  for (const request of requests) {
    await Promise.all(Array.from({ length: REPETITIONS }, () => abandon(port, request)));
  }
}

/** The whole answers to conditional requests, which a client does not abandon. */
async function conditionalStatuses(url: string, { cookie, smallId }: AbandoningUser): Promise<Set<string>> {
  const statuses = new Set<string>();
  for (const path of [smallId, `${smallId}/thumbnail`]) {
    const get = (headers: Record<string, string>) =>
      fetch(`${url}/api/attachments/${path}`, { headers: { cookie, ...headers } });
    const whole = await get({});
    const etag = whole.headers.get('etag') ?? '';
    const size = (await whole.arrayBuffer()).byteLength;
    const conditions: readonly (readonly [string, string])[] = [
      ['if-none-match', etag],
      ['range', 'bytes=0-9'],
      ['range', `bytes=${size}-`],
    ];
    for (const [name, value] of conditions) {
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        const answer = await get({ [name]: value });
        statuses.add(`${name} ${answer.status} ${(await answer.arrayBuffer()).byteLength}`);
      }
    }
  }
  return statuses;
}

const CONDITIONAL_STATUSES = new Set(['if-none-match 304 0', 'range 206 10', 'range 416 0']);

const portOf = (url: string): number => Number(new URL(url).port);

describe('requests that clients abandon (embedded)', () => {
  test('do not end the process', async () => {
    const managementPort = await freePort();
    const parley = await startEmbedded({ env: { PARLEY_MANAGEMENT_PORT: String(managementPort) } });
    try {
      const [url] = parley.urls;
      const user = await signUpAbandoningUser(url);
      await abandonEach(portOf(url), requestsAtGateway(user));
      await abandonEach(managementPort, requestsAtManagement());
      expect(await conditionalStatuses(url, user)).toEqual(CONDITIONAL_STATUSES);
      expect((await fetch(`http://127.0.0.1:${managementPort}/healthz`)).status).toBe(200);
    } finally {
      await parley.stop();
    }
  });
});

describeWith(['mongo', 'valkey'], 'requests that clients abandon (cluster)', () => {
  const token = randomUUID();
  const lines: string[] = [];
  let parley: RunningParley;
  let user: AbandoningUser;

  beforeAll(async () => {
    parley = await startCluster({ env: { PARLEY_INTERNAL_TOKEN: token }, onLine: (line) => lines.push(line) });
    user = await signUpAbandoningUser(parley.urls[0]);
  });

  afterAll(() => parley?.stop());

  const servicePorts = (service: string): number[] =>
    lines.flatMap((line) => {
      const port = new RegExp(`^parley-${service} (\\d+): ready`).exec(line)?.[1];
      return port === undefined ? [] : [Number(port)];
    });

  /** What the launcher reports of processes that ended. */
  const ended = (): string[] => lines.filter((line) => /: ended with/.test(line));

  test('are answered by a gateway, which goes on', async () => {
    for (const url of parley.urls) {
      expect(await conditionalStatuses(url, user)).toEqual(CONDITIONAL_STATUSES);
      await abandonEach(portOf(url), requestsAtGateway(user));
      expect(await conditionalStatuses(url, user)).toEqual(CONDITIONAL_STATUSES);
    }
    expect(ended()).toEqual([]);
  });

  test('are answered by a message service, which goes on', async () => {
    const { userId, largeId: attachmentId } = user;
    const content = { userId, attachmentId, variant: 'image' };
    const calls = [
      { method: 'readAttachment', body: JSON.stringify(content) },
      { method: 'readAttachment', body: JSON.stringify({ ...content, range: { start: 0, end: 9 } }) },
      { method: 'getHeads', body: JSON.stringify({ roomIds: [randomUUID()] }) },
    ];
    const ports = servicePorts('message');
    expect(ports).toHaveLength(2);
    for (const port of ports) await abandonEach(port, requestsAtService(token, calls));
    for (const url of parley.urls) expect(await conditionalStatuses(url, user)).toEqual(CONDITIONAL_STATUSES);
    expect(ended()).toEqual([]);
  });

  test('are answered by the room service, which goes on', async () => {
    const calls = [
      { method: 'getSession', body: JSON.stringify({ token: 'unknown' }) },
      { method: 'getRooms', body: JSON.stringify({ roomIds: [randomUUID()] }) },
    ];
    const ports = servicePorts('room');
    expect(ports).toHaveLength(1);
    for (const port of ports) await abandonEach(port, requestsAtService(token, calls));
    expect((await fetch(`${parley.urls[0]}/api/me`, { headers: { cookie: user.cookie } })).status).toBe(200);
    expect(ended()).toEqual([]);
  });
});
