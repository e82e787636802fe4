import type { FileSetView } from '#contracts/operator/files';
import { systemClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { randomIds } from '#platform/id-source';
import { AuditLog, LOCAL_OPERATOR } from '#platform/operators/index';
import { createLogger } from '#platform/telemetry/logger';
import { filesRootOf, FileSets, listFileSets, reopenFileSets, SettlementRuns } from '#settlement';
import type { DataSource } from 'typeorm';
import { withDatabase } from '../database.js';
import { table, widthFor } from '../story/table.js';

interface ListChoice {
  readonly json?: boolean;
  readonly cycle?: string;
  readonly participant?: string;
}

export async function listSets(choice: ListChoice): Promise<void> {
  const sets = await withDatabase((dataSource) => listFileSets(dataSource.manager, choice));
  if (choice.json === true) {
    print(JSON.stringify({ sets }, null, 2));
    return;
  }
  if (sets.length === 0) {
    print(choice.cycle === undefined ? 'Nothing waits to be written.' : 'There are no files.');
    return;
  }
  const head = ['cycle', 'participant', '', 'seq', 'state', 'transactions', 'fault'];
  const rows = sets.map((set) => [
    set.cycle,
    set.participant,
    set.currency,
    String(set.seq).padStart(3, '0'),
    set.state,
    set.transactions === null ? '–' : String(set.transactions),
    set.fault ?? '',
  ]);
  for (const line of table([head, ...rows], { width: widthFor(process.stdout) })) print(line);
}

interface WriteChoice {
  readonly json?: boolean;
  readonly participant?: string;
  readonly again?: boolean;
}

/** `wayfare files write`. @returns whether nothing is left that cannot be written */
export async function writeSets(cycle: string | undefined, choice: WriteChoice): Promise<boolean> {
  const { participant } = choice;
  if (choice.again === true && cycle === undefined) {
    throw new ExplainedError('--again takes a cycle: wayfare files write <cycle> --again');
  }
  const root = filesRootOf(loadConfig().dataDir);
  const { written, waiting } = await withDatabase(async (dataSource) => {
    const log = createLogger({ name: 'files', level: 'silent' });
    await new SettlementRuns(dataSource, randomIds(), systemClock, log).runDue();
    if (choice.again === true && cycle !== undefined) {
      const opened = await dataSource.transaction(async (tx) => {
        const sets = await reopenFileSets(tx, cycle, participant ?? null);
        if (sets > 0) {
          await new AuditLog().record(tx, {
            caller: LOCAL_OPERATOR,
            scope: null,
            action: 'files.writeAgain',
            subject: cycle,
            after: { sets, participant: participant ?? null },
          });
        }
        return sets;
      });
      if (opened === 0) {
        throw new ExplainedError(
          `${cycle} has no written files; \`wayfare files list\` tells more`,
        );
      }
    }
    const done = await new FileSets(dataSource, root, log).writeDue();
    return { written: done, waiting: await waitingOf(dataSource, cycle) };
  });
  if (choice.json === true) print(JSON.stringify({ written, waiting, folder: root }, null, 2));
  else {
    print(`${String(written)} sets written below ${root}`);
    for (const set of waiting) {
      const what = `${set.cycle} ${set.participant} ${set.currency}`;
      print(`${what} waits: ${set.fault ?? 'another process is at it'}`);
    }
  }
  return waiting.length === 0;
}

async function waitingOf(
  dataSource: DataSource,
  cycle: string | undefined,
): Promise<FileSetView[]> {
  const sets = await listFileSets(dataSource.manager, {});
  return sets.filter((set) => cycle === undefined || set.cycle === cycle);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
