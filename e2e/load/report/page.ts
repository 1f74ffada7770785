import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderChart } from './chart.ts';
import type { Machine } from './machine.ts';
import { renderPage } from './markdown.ts';
import type { Section } from './section.ts';

/** The page of the figures, its charts, and what both are made from. */
export class BenchmarksPage {
  readonly #docs: string;

  constructor(docs: string) {
    this.#docs = docs;
  }

  /** Replaces the sections of the same scenarios, in the given order of scenarios. */
  async write(sections: readonly Section[], machine: Machine, order: readonly string[]): Promise<void> {
    await mkdir(join(this.#docs, 'benchmarks'), { recursive: true });
    const kept = new Map((await this.#read()).map((section) => [section.scenario, section]));
    for (const section of sections) kept.set(section.scenario, section);
    const all = order.flatMap((scenario) => kept.get(scenario) ?? []);
    await writeFile(this.#findingsFile, `${JSON.stringify(all, undefined, 2)}\n`);
    for (const chart of all.flatMap(({ charts }) => charts)) {
      await writeFile(join(this.#docs, 'benchmarks', `${chart.name}.svg`), renderChart(chart));
    }
    const prose = { introduction: await this.#prose('introduction'), limits: await this.#prose('limits') };
    await writeFile(join(this.#docs, 'benchmarks.md'), renderPage(prose, machine, all));
  }

  get #findingsFile(): string {
    return join(this.#docs, 'benchmarks', 'findings.json');
  }

  #prose(name: string): Promise<string> {
    return readFile(join(this.#docs, 'benchmarks', `${name}.md`), 'utf8');
  }

  async #read(): Promise<readonly Section[]> {
    const text = await readFile(this.#findingsFile, 'utf8').catch(() => '[]');
    return JSON.parse(text) as Section[];
  }
}
