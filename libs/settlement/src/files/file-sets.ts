import { mkdir } from 'node:fs/promises';
import type { FileSetView } from '#contracts/operator/files';
import type { CycleId } from '#domain/ids';
import type { LegSide } from '#domain/clearing-files/recompute-leg';
import { BackgroundPace } from '#platform/background-pace';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource, EntityManager } from 'typeorm';
import { NEXT_TRY } from '../next-try.js';
import { traceFiles } from '../settlement-spans.js';
import { writeFileSet, type WrittenSet } from './write-file-set.js';

/**
 * Gives every netted cycle its sets: of all participants for a daily cycle, moved or not, and of
 * those who moved something for a shorter one.
 */
export async function openFileSets(tx: EntityManager): Promise<void> {
  await tx.query(
    `INSERT INTO file_sets (cycle_id, participant_id, currency, seq, role, due_at, created_at)
     SELECT c.id, s.participant_id, s.currency, 0, s.role, clock_timestamp(),
            date_trunc('milliseconds', hub_clock())
     FROM settlement_runs r JOIN cycles c ON c.id = r.cycle_id
     CROSS JOIN LATERAL (
       SELECT id AS participant_id, currency, 'wallet' AS role FROM current_wallets
       WHERE c.kind = 'daily'
       UNION SELECT id, settlement_currency, 'acquirer' FROM current_acquirers
       WHERE c.kind = 'daily'
       UNION SELECT participant_id, currency, role FROM obligations
       WHERE cycle_id = c.id AND role <> 'lossShare') s
     WHERE r.state = 'netted' AND NOT EXISTS (SELECT FROM file_sets f WHERE f.cycle_id = c.id)
     ON CONFLICT DO NOTHING`,
  );
}

/**
 * Has a cycle's written sets written again under the next number.
 *
 * @returns how many sets
 */
export async function reopenFileSets(
  tx: EntityManager,
  cycleId: string,
  participantId: string | null,
): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(
    `WITH opened AS (
       INSERT INTO file_sets (cycle_id, participant_id, currency, seq, role, due_at, created_at)
       SELECT cycle_id, participant_id, currency, max(seq) + 1, min(role), clock_timestamp(),
              date_trunc('milliseconds', hub_clock())
       FROM file_sets WHERE cycle_id = $1 AND ($2::text IS NULL OR participant_id = $2)
       GROUP BY 1, 2, 3 HAVING bool_and(state = 'written')
       RETURNING 1)
     SELECT count(*)::integer AS n FROM opened`,
    [cycleId, participantId],
  );
  return row?.n ?? 0;
}

interface SetRow {
  readonly cycle_id: CycleId;
  readonly participant_id: string;
  readonly currency: string;
  readonly seq: number;
  readonly role: LegSide;
  readonly created_at: Date;
  readonly sequence: number;
}

// The number of a statement counts the cycles of the account that ended before.
const CLAIM = `
  SELECT f.cycle_id, f.participant_id, f.currency, f.seq, f.role, f.created_at,
    (SELECT 1 + count(DISTINCT e.cycle_id) FROM file_sets e JOIN cycles x ON x.id = e.cycle_id
     WHERE e.participant_id = f.participant_id AND e.currency = f.currency
       AND (x.ends_at, x.id) < (c.ends_at, c.id))::integer AS sequence
  FROM file_sets f JOIN cycles c ON c.id = f.cycle_id
  WHERE f.state = 'due' AND f.due_at <= clock_timestamp()
  ORDER BY f.due_at, f.cycle_id, f.participant_id, f.currency LIMIT 1
  FOR NO KEY UPDATE OF f SKIP LOCKED`;

/** Writes sets that are due. Any number of processes may do it: a set is locked while it is written. */
export class FileSets {
  private readonly pace = new BackgroundPace();

  /** @param root folder below which `settlements/` begins; made when it is needed */
  constructor(
    private readonly dataSource: DataSource,
    readonly root: string,
    private readonly log: Logger,
  ) {}

  /** @returns how many sets were written; one that cannot be is told, kept and tried again */
  async writeDue(stopping: () => boolean = () => false): Promise<number> {
    await openFileSets(this.dataSource.manager);
    let written = 0;
    this.pace.begin();
    while (!stopping()) {
      const done = await this.writeNext();
      if (done === null) break;
      if (done) written += 1;
      await this.pace.rest();
    }
    return written;
  }

  private async writeNext(): Promise<boolean | null> {
    let claimed: SetRow | undefined;
    let done: boolean | null;
    const startMs = Date.now();
    try {
      done = await this.dataSource.transaction(async (tx) => {
        [claimed] = await tx.query<SetRow[]>(CLAIM);
        if (claimed === undefined) return null;
        await mkdir(this.root, { recursive: true });
        const set = await writeFileSet(tx, setOf(claimed), this.root, this.pace);
        await record(tx, claimed, set);
        return true;
      });
    } catch (error) {
      if (claimed === undefined) throw error;
      await this.postpone(claimed, error);
      return false;
    }
    if (claimed !== undefined) {
      await traceFiles(this.dataSource.manager, setOf(claimed), startMs);
    }
    return done;
  }

  private async postpone(row: SetRow, error: unknown): Promise<void> {
    const fault = error instanceof Error ? error.message : String(error);
    const what = `${row.participant_id} ${row.currency} of ${row.cycle_id}`;
    this.log.error({ set: row, error }, `files for ${what} cannot be written: ${fault}`);
    await this.dataSource.query(
      `UPDATE file_sets SET attempts = attempts + 1, fault = $5,
              due_at = ${NEXT_TRY}
       WHERE cycle_id = $1 AND participant_id = $2 AND currency = $3 AND seq = $4
         AND state = 'due'`,
      [...keyOf(row), fault],
    );
  }
}

const keyOf = (row: SetRow): (string | number)[] => [
  row.cycle_id,
  row.participant_id,
  row.currency,
  row.seq,
];

const setOf = (row: SetRow) => ({
  cycleId: row.cycle_id,
  participantId: row.participant_id,
  currency: row.currency,
  seq: row.seq,
  role: row.role,
  createdAtMs: row.created_at.getTime(),
  sequence: row.sequence,
});

async function record(tx: EntityManager, row: SetRow, set: WrittenSet): Promise<void> {
  // A batch, and not one statement a file: names are fixed, so each is there once.
  await tx.query(
    `INSERT INTO settlement_files
       (name, cycle_id, participant_id, currency, seq, kind, folder, bytes, sha256, lines)
     SELECT name, $1, $2, $3, $4, kind, folder, bytes, sha256, lines
     FROM jsonb_to_recordset($5::jsonb)
       AS f(name text, kind text, folder text, bytes bigint, sha256 text, lines bigint)`,
    [...keyOf(row), JSON.stringify(set.files)],
  );
  await tx.query(
    `UPDATE file_sets SET state = 'written', written_at = clock_timestamp(), fault = NULL,
            transactions = $5, net_minor = $6
     WHERE cycle_id = $1 AND participant_id = $2 AND currency = $3 AND seq = $4`,
    [...keyOf(row), set.transactions, set.net.toString()],
  );
}

interface SetViewRow {
  readonly cycle_id: string;
  readonly participant_id: string;
  readonly role: LegSide;
  readonly currency: string;
  readonly seq: number;
  readonly state: 'due' | 'written';
  readonly attempts: number;
  readonly fault: string | null;
  readonly transactions: string | null;
}

/** Sets of a cycle, or all that wait. */
export async function listFileSets(
  tx: EntityManager,
  filter: { readonly cycle?: string | undefined; readonly participant?: string | undefined },
): Promise<FileSetView[]> {
  const rows = await tx.query<SetViewRow[]>(
    `SELECT cycle_id, participant_id, role, currency, seq, state, attempts, fault, transactions
     FROM file_sets
     WHERE CASE WHEN $1::text IS NULL THEN state = 'due' ELSE cycle_id = $1 END
       AND ($2::text IS NULL OR participant_id = $2)
     ORDER BY cycle_id, participant_id, currency, seq`,
    [filter.cycle ?? null, filter.participant ?? null],
  );
  return rows.map((row) => ({
    cycle: row.cycle_id,
    participant: row.participant_id,
    role: row.role,
    currency: row.currency,
    seq: row.seq,
    state: row.state,
    attempts: row.attempts,
    fault: row.fault,
    transactions: row.transactions === null ? null : Number(row.transactions),
  }));
}
