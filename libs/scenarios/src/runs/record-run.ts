import { HEADLINES } from '#simulation/answers/headlines';
import {
  ANSWER_TABLES,
  REPLICATION_TABLES,
  TABLES,
  dictionaryText,
} from '../exports/dictionary.js';
import type { TableFormat } from '../exports/formats.js';
import {
  headlineRows,
  headlinesTable,
  replicationsTable,
} from '../exports/tables/headline-tables.js';
import { hashOfInputs } from './content-hash.js';
import type { RunParts } from './kernel-parts.js';
import type { RunManifest } from './manifest.js';
import { RunFolder } from './run-folder.js';
import { playRun, type RunWatch } from './run-scenario.js';
import type { PlayedRun, RunRequest } from './simulation-run.js';

/** Where a run is kept, and how it came to be asked for. */
export interface Keeping {
  readonly place: string;
  readonly formats: readonly TableFormat[];
  /** Name or path of the scenario, and what was set on the command line. */
  readonly given: string;
  readonly set: readonly string[];
  readonly jobs: number;
  /** Writes the page; absent when none is wanted. */
  readonly report: ((played: PlayedRun) => Promise<string>) | undefined;
}

/** Plays a run and keeps it in a folder; the folder appears when it is whole, or not at all. */
export async function recordRun(
  request: RunRequest,
  keeping: Keeping,
  watch: RunWatch,
  parts: RunParts,
  product: string,
): Promise<{ readonly played: PlayedRun; readonly manifest: RunManifest }> {
  const startedAt = new Date();
  const folder = RunFolder.create(keeping.place, keeping.formats);
  try {
    for (const table of TABLES) await folder.openTable(table);
    const played = await playRun(
      request,
      { ...watch, ...tablesInto(folder, watch) },
      parts,
      product,
    );
    folder.append(headlinesTable, headlineRows(played.run.headlines));
    await folder.writeText('run.json', `${JSON.stringify(played.run, null, 2)}\n`);
    await folder.writeText('dictionary.json', dictionaryText());
    if (keeping.report !== undefined) {
      await folder.writeText('report.html', await keeping.report(played));
    }
    const files = await folder.seal();
    const manifest = {
      ...manifestOf(played, request, keeping),
      ...timing(startedAt),
      files: [...files],
    };
    await folder.publish(`${JSON.stringify(manifest, null, 2)}\n`);
    return { played, manifest };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

function tablesInto(folder: RunFolder, watch: RunWatch): Pick<Required<RunWatch>, 'onReplication'> {
  return {
    onReplication: (one) => {
      const { replication, answers } = one;
      for (const { table, rows } of REPLICATION_TABLES) folder.append(table, [...rows(one)]);
      for (const { table, rows } of ANSWER_TABLES) folder.append(table, [...rows(one)]);
      const values = HEADLINES.map(({ id, unit }) => [
        replication,
        id,
        unit,
        answers.headlines[id],
      ]);
      folder.append(replicationsTable, values);
      watch.onReplication?.(one);
    },
  };
}

function timing(startedAt: Date): Pick<RunManifest, 'startedAt' | 'elapsedMs'> {
  return { startedAt: startedAt.toISOString(), elapsedMs: Date.now() - startedAt.getTime() };
}

function manifestOf(
  { run, scenario }: PlayedRun,
  request: RunRequest,
  { given, set, jobs }: Keeping,
): Omit<RunManifest, 'files' | 'startedAt' | 'elapsedMs'> {
  return {
    wayfareRun: 1,
    product: run.product,
    node: process.version,
    scenario: {
      name: scenario.name,
      title: scenario.title,
      hash: run.scenario.hash,
      given,
      set: [...set],
      resolved: scenario,
    },
    inputs: hashOfInputs(),
    seed: run.seed,
    fidelity: run.fidelity,
    replications: run.replications,
    replicationsAsked: run.replicationsAsked,
    untilRelativeError: request.untilRelativeError,
    assumptionDraws: run.assumptionDraws,
    partial: run.partial,
    resultHash: run.resultHash,
    counts: { purchases: run.purchases, payments: run.payments, merchants: run.merchants },
    jobs,
  };
}
