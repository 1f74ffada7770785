import { setTimeout as sleep } from 'node:timers/promises';
import { Generator, type LoadCounts } from '../generator/generator.ts';
import type { Pattern } from '../generator/plan.ts';
import { countUsage, residentBytes, type Usage } from '../servers/process-usage.ts';
import type { Candidate, Population, ServerUnderTest } from '../servers/server-under-test.ts';

/** Rooms in which everybody talks in turn. */
export interface Talk {
  readonly population: Population;
  readonly pattern: Pattern;
  readonly messageBytes: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly generators: number;
}

/** What a server did under a load. */
export interface TalkResult {
  readonly candidate: string;
  readonly durable: boolean;
  readonly counts: LoadCounts;
  /** Of all processes of the server and its databases. */
  readonly usage: Usage;
  /** Resident in the processes that hold the connections, when everybody was connected. */
  readonly residentBytes: number;
  readonly connectMilliseconds: number;
}

/** Rejects when something did not arrive, or not once and in order. */
export async function talkTo(candidate: Candidate, talk: Talk): Promise<TalkResult> {
  const server = await candidate.start(talk.population);
  const generator = new Generator(talk.generators);
  try {
    return await measure(candidate, server, generator, talk);
  } catch (error) {
    throw new Error(`${candidate.name}: ${(error as Error).message}`, { cause: error });
  } finally {
    generator.close();
    await server.stop();
  }
}

async function measure(
  candidate: Candidate,
  server: ServerUnderTest,
  generator: Generator,
  talk: Talk,
): Promise<TalkResult> {
  const { dialect, rooms, processes } = server;
  const connectMilliseconds = await generator.connect({ dialect, rooms, messageBytes: talk.messageBytes });
  const holders = processes.filter(({ holdsConnections }) => holdsConnections);
  const resident = (await Promise.all(holders.map(({ pid }) => residentBytes(pid)))).reduce((a, b) => a + b, 0);
  await generator.talk(talk.pattern);
  await sleep(talk.warmUpSeconds * 1_000);
  const usageSince = await countUsage(processes);
  await generator.begin();
  await sleep(talk.seconds * 1_000);
  const counts = await generator.end();
  const usage = await usageSince();
  await generator.finish();
  const { name, durable } = candidate;
  return { candidate: name, durable, counts, usage, residentBytes: resident, connectMilliseconds };
}
