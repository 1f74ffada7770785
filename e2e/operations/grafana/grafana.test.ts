import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, readConfig } from '@parley/platform';
import type { MessageId, RoomId } from '@parley/protocol';
import { startStandalone } from '@parley/standalone';
import { describeWith, ProtocolClient, signUp } from '@parley/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { labelsByMetric, unknownUses } from './queries.ts';

const folder = join(import.meta.dirname, '../../../deploy/grafana');

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
  }[];
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const alerts = async () => (parse(await read('alerts.yaml')) as Rules).groups.flatMap(({ rules }) => rules);
const ruleTests = async () => (parse(await read('alerts.test.yaml')) as RuleTests).tests;

/** The metrics of a Parley after a message was stored and another one was refused. */
async function realMetrics(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-grafana-'));
  const settings = { PARLEY_PORT: '0', PARLEY_MANAGEMENT_PORT: '0', PARLEY_DATA_DIR: dataDir };
  const parley = await startStandalone(readConfig('standalone', settings), createLogger('test', 'silent'));
  try {
    const { cookie } = await signUp(parley.url);
    const client = await ProtocolClient.connect(`${parley.url.replace(/^http/, 'ws')}/ws`, { cookie });
    await client.command('create_connection', { protocol: 1 });
    const roomId = randomUUID() as RoomId;
    await client.command('create_room', { roomId, memberIds: [] });
    const messageId = randomUUID() as MessageId;
    await client.command('create_message', { roomId, messageId, text: 'Hello' });
    await client.waitFor((item) => 'seq' in item);
    await client.close();
    const response = await fetch(`http://127.0.0.1:${parley.managementPort ?? 0}/metrics`);
    return await response.text();
  } finally {
    await parley.close();
    await rm(dataDir, { recursive: true });
  }
}

describe('dashboard and alert rules', () => {
  let metrics: ReturnType<typeof labelsByMetric>;
  beforeAll(async () => {
    metrics = labelsByMetric(await realMetrics());
  });

  test('every metric and label that the dashboard asks for is in the real /metrics', async () => {
    const { panels } = JSON.parse(await read('dashboard.json')) as Dashboard;
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(15);
    expect(queries.flatMap((query) => unknownUses(query, metrics))).toEqual([]);
  });

  test('every metric and label of the alerts is in the real /metrics, and so is what the tests feed them', async () => {
    expect((await alerts()).flatMap(({ expr }) => unknownUses(expr, metrics))).toEqual([]);
    const fed = (await ruleTests()).flatMap(({ input_series }) => input_series.map(({ series }) => series));
    expect(fed.flatMap((series) => unknownUses(series, metrics))).toEqual([]);
  });

  test('a metric or a label that is not there is named', () => {
    const query =
      'sum by (action, colour) (rate(parley_commands_total{code!="ok",shape="x"}[5m])) / sum(parley_nothing)';
    expect(unknownUses(query, metrics)).toEqual([
      'parley_commands_total has no label shape.',
      'parley_commands_total has no label colour.',
      'There is no metric parley_nothing.',
    ]);
  });

  test('for each alert there is a test that makes it fire', async () => {
    const firing = (await ruleTests()).flatMap(({ alert_rule_test }) =>
      alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
    );
    expect(firing.sort()).toEqual((await alerts()).map(({ alert }) => alert).sort());
  });
});

describeWith('promtool', 'alert rules in Prometheus', () => {
  test('each alert fires by what its test feeds it, and none in a quiet Parley', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'alerts.test.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});
