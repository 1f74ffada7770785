import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWriter } from '../harness/chat.ts';
import { startCluster, type RunningCluster } from '../harness/parley.ts';

interface Span {
  readonly traceId: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: Pick<Span, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const SECRET = 'nobody-may-read-this';
const attribute = ({ attributes }: Pick<Span, 'attributes'>, name: string): string | undefined =>
  attributes.find(({ key }) => key === name)?.value.stringValue;

describeWith(['mongo', 'valkey'], 'with an endpoint for traces', () => {
  const exports: Export[] = [];
  let collector: Server;
  let cluster: RunningCluster;

  beforeAll(async () => {
    collector = createServer((request, response) => {
      void json(request).then((body) => {
        exports.push(body as Export);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    cluster = await startCluster({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
  });

  afterAll(async () => {
    await cluster?.stop();
    collector?.closeAllConnections();
    collector?.close();
  });

  const spans = () =>
    exports.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap((scope) =>
          scope.spans.map((span) => ({ service: attribute(resource, 'service.name'), ...span })),
        ),
      ),
    );

  test('a message is one trace through the gateway and the message service, and nothing of its text is in it', async () => {
    const writer = await newWriter(cluster.urls[0]);
    const messageId = await writer.say(`${SECRET}-text`);
    const traceOfMessage = () => {
      const command = spans().find((span) => attribute(span, 'parley.messageId') === messageId);
      return spans()
        .filter(({ traceId }) => traceId === command?.traceId)
        .map(({ service, name }) => `${service}: ${name}`);
    };
    await expect
      .poll(traceOfMessage, { timeout: 30_000 })
      .toEqual(
        expect.arrayContaining([
          'parley-gateway: command create_message',
          'parley-gateway: rpc appendMessages',
          'parley-message: rpc appendMessages',
          'parley-message: log batch',
        ]),
      );
    const command = spans().find((span) => attribute(span, 'parley.messageId') === messageId);
    expect(command && attribute(command, 'parley.code')).toBe('ok');
    expect(JSON.stringify(exports)).not.toContain(SECRET);
    await writer.client.close();
  });
});
