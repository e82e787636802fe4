import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CycleId } from '#domain/ids';
import { ExplainedError } from '#platform/explained-error';
import { EXPORT_KINDS, exportIso, listFileSets, type ExportKind } from '#settlement';
import { withDatabase } from '../database.js';
import { givenPath } from '../given-path.js';

export interface ExportChoice {
  readonly participant: string;
  readonly out: string;
  readonly message?: string;
  readonly json?: boolean;
}

/** `wayfare iso export`: a cycle's payments and refunds as messages, in a folder. */
export async function exportMessages(cycle: string, choice: ExportChoice): Promise<void> {
  const kinds = kindsOf(choice.message);
  const folder = givenPath(choice.out);
  await mkdir(folder, { recursive: true });
  const written: { readonly name: string; readonly transactions: number }[] = [];
  await withDatabase(async (dataSource) => {
    const { participant } = choice;
    const sets = await listFileSets(dataSource.manager, { cycle, participant });
    const legs = new Map(sets.map((set) => [`${set.role} ${set.currency}`, set]));
    if (legs.size === 0) {
      throw new ExplainedError(`${participant} has nothing of ${cycle}; is the cycle netted?`);
    }
    for (const { role, currency } of legs.values()) {
      const of = { cycleId: cycle as CycleId, participantId: participant, role, currency };
      await dataSource.transaction('REPEATABLE READ', async (tx) => {
        for await (const file of exportIso(tx, of, kinds, Date.now())) {
          await writeFile(join(folder, file.name), file.text);
          written.push({ name: file.name, transactions: file.transactions });
        }
      });
    }
  });
  if (choice.json === true) {
    process.stdout.write(`${JSON.stringify({ folder, files: written }, null, 2)}\n`);
    return;
  }
  for (const { name, transactions } of written) {
    process.stdout.write(`${name}: ${String(transactions)}\n`);
  }
  if (written.length === 0) process.stdout.write('There is nothing to say.\n');
}

function kindsOf(message: string | undefined): ReadonlySet<ExportKind> {
  const kinds = EXPORT_KINDS.filter((kind) => message === undefined || kind === message);
  if (kinds.length > 0) return new Set(kinds);
  throw new ExplainedError(`--message takes ${EXPORT_KINDS.join(', ')}`);
}
