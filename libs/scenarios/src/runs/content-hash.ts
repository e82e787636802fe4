import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { endianness } from 'node:os';
import { join, relative } from 'node:path';
import { projectRoot } from '#platform/project-root';
import type { Scenario } from '#simulation/scenario';
import { TOTALS_COLUMNS, type Totals } from '#simulation/totals';

/** JSON with keys in order, so that two equal scenarios have one text whatever file they come from. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );
}

/** SHA-256 over what a document says, in whatever order it says it. */
export function hashOfDocument(document: unknown): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}

/** What a scenario is known by: its hash once `extends` and `--set` are resolved. */
export function hashOfScenario(scenario: Scenario): string {
  return hashOfDocument(scenario);
}

/**
 * Replications hashed one by one as they come, so that none has to stay in memory: SHA-256 over the
 * little-endian bytes of the columns of each, in the order of `TOTALS_COLUMNS`.
 */
export class ResultHash {
  private readonly hash = createHash('sha256');

  add(totals: Totals): void {
    for (const name of TOTALS_COLUMNS) this.hash.update(littleEndian(totals[name]));
  }

  hex(): string {
    return this.hash.copy().digest('hex');
  }
}

function littleEndian(column: Float64Array): Uint8Array {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap64();
}

/** What a world is made of beside its scenario. */
const INPUT_FOLDERS = ['demand', 'network', 'fx', 'calendars', 'settlement'] as const;

/** The shipped figures a run rested on, so that a later one that differs can tell why. */
export type InputHashes = Readonly<Record<string, string>>;

/** SHA-256 of each folder of data: names and contents of its files, in order. */
export function hashOfInputs(): InputHashes {
  return Object.fromEntries(
    INPUT_FOLDERS.map((name) => {
      const folder = join(projectRoot, 'data', name);
      const hash = createHash('sha256');
      for (const file of filesIn(folder)) {
        hash
          .update(`${relative(folder, file)}\0`)
          .update(readFileSync(file))
          .update('\0');
      }
      return [`data/${name}`, hash.digest('hex')];
    }),
  );
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
