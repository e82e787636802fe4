import type { QueueScaling, QueuesView } from '#contracts/operator/queues';
import { workersWanted } from '#domain/queues/workers-wanted';
import { countStaged } from '#ledger';
import type { EntityManager } from 'typeorm';
import { countDeadLetters } from './dead-letters.js';
import { ALIVE_SECONDS, listStages } from './queue-control.js';

const LEASES_SHOWN = 20;
/** Fewer would tell more of the first connection than of the work. */
const LEAST_MEASURED = 200;

type ProcessView = QueuesView['processes'][number];
type Rates = QueuesView['perSecond'];

/** How much waits, who works, how fast, and what the stages are told. */
export async function readQueues(tx: EntityManager): Promise<QueuesView> {
  const stages = await listStages(tx);
  const staged = await countStaged(tx);
  return {
    at: new Date(await readClock(tx)).toISOString(),
    stages,
    outbox: {
      waiting: staged.waiting,
      aside: staged.aside,
      oldestSeconds: await oldestWaiting(tx),
    },
    inFlight: await readLeases(tx),
    perSecond: await readRates(tx),
    deadLetters: Object.fromEntries(await countDeadLetters(tx)),
    processes: await listProcesses(tx),
  };
}

/** How many worker processes the load asks for, for autoscalers. */
export async function readScaling(tx: EntityManager): Promise<QueueScaling> {
  const { waiting } = await countStaged(tx);
  const { arrivals } = await readRates(tx);
  const [row] = await tx.query<{ alive: number; per_worker: number | null }[]>(
    `SELECT count(*)::integer AS alive,
            CASE WHEN sum(posted) >= $2
              THEN (sum(posted) * 1000.0 / nullif(sum(busy_ms), 0) * avg(slots))::float8 END
              AS per_worker
     FROM clearing_processes WHERE seen_at > clock_timestamp() - $1 * interval '1 s'`,
    [ALIVE_SECONDS, LEAST_MEASURED],
  );
  const perWorker = row?.per_worker ?? null;
  return {
    workersAlive: row?.alive ?? 0,
    workersWanted: workersWanted({
      backlog: waiting,
      arrivalsPerSecond: arrivals,
      perWorkerPerSecond: perWorker ?? undefined,
    }),
    backlog: waiting,
    arrivalsPerSecond: arrivals,
    perWorkerPerSecond: perWorker === null ? null : rounded(perWorker),
  };
}

async function readClock(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ at: Date }[]>('SELECT clock_timestamp() AS at');
  return row?.at.getTime() ?? 0;
}

/** What was set aside does not wait: it is a dead letter, with a time of its own. */
async function oldestWaiting(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ age: number }[]>(
    `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(staged_at)), 0)::float8 AS age
     FROM staged_entries WHERE fault IS NULL`,
  );
  return rounded(Math.max(row?.age ?? 0, 0));
}

async function readLeases(tx: EntityManager): Promise<QueuesView['inFlight']> {
  const rows = await tx.query<
    {
      no: string;
      claimed: number;
      relay: string;
      age: number;
      ends: number;
      batches: number;
      entries: number;
    }[]
  >(
    `SELECT no, claimed, relay,
            extract(epoch FROM clock_timestamp() - claimed_at)::float8 AS age,
            extract(epoch FROM leased_until - clock_timestamp())::float8 AS ends,
            (count(*) OVER ())::integer AS batches, (sum(claimed) OVER ())::integer AS entries
     FROM posting_batches
     WHERE posted_at IS NULL AND leased_until > clock_timestamp()
     ORDER BY no LIMIT ${String(LEASES_SHOWN)}`,
  );
  return {
    batches: rows[0]?.batches ?? 0,
    entries: rows[0]?.entries ?? 0,
    leases: rows.map((row) => ({
      batchNo: Number(row.no),
      entries: row.claimed,
      relay: row.relay,
      ageSeconds: rounded(row.age),
      endsInSeconds: rounded(row.ends),
    })),
  };
}

// The last thousand batches are far more than a minute of them; their numbers are the primary key,
// while times have no index. The current sample is the sequence itself.
const RATES = `
  WITH past AS (SELECT at, last_seq FROM outbox_samples
                WHERE at >= clock_timestamp() - interval '65 s' ORDER BY at LIMIT 1)
  SELECT coalesce((SELECT (s.last_value - p.last_seq)
                     / greatest(extract(epoch FROM clock_timestamp() - p.at), 1)
                   FROM past p, staged_entries_seq_seq s), 0)::float8 AS arrivals,
         coalesce((SELECT sum(posted) / 60.0 FROM posting_batches
                   WHERE no > (SELECT coalesce(max(no), 0) - 1000 FROM posting_batches)
                     AND posted_at > clock_timestamp() - interval '60 s'), 0)::float8 AS posted`;

async function readRates(tx: EntityManager): Promise<Rates> {
  const [row] = await tx.query<Rates[]>(RATES);
  return { arrivals: rounded(row?.arrivals ?? 0), posted: rounded(row?.posted ?? 0) };
}

async function listProcesses(tx: EntityManager): Promise<ProcessView[]> {
  const rows = await tx.query<
    {
      name: string;
      backend: ProcessView['backend'];
      alive: boolean;
      started_at: Date;
      seen_at: Date;
      relay: boolean;
      posting: boolean;
      in_hand: number;
      posted: string;
    }[]
  >(
    `SELECT *, seen_at > clock_timestamp() - $1 * interval '1 s' AS alive
     FROM clearing_processes ORDER BY name`,
    [ALIVE_SECONDS],
  );
  return rows.map((row) => ({
    name: row.name,
    backend: row.backend,
    alive: row.alive,
    startedAt: row.started_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
    relay: row.relay,
    posting: row.posting,
    inHand: row.in_hand,
    posted: Number(row.posted),
  }));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
