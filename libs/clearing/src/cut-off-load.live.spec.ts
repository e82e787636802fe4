/*
 * Goal: closing under full load leaves no residue: whoever completes while a cycle is open is in
 * that cycle, whoever is in it has one number, and totals equal lines.
 * Method: a thousand cycles of milliseconds, while payments are finalised over several connections;
 * two closers race, one of them late; the clock that cut-offs go by is stepped to and fro. Who was
 * in a cycle right after its close must be who is in it for ever. Then all become final, and every
 * invariant of ledger and cycles is asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountBook, ensureCycles, ledgerChecks, setHubClock } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { completePayments, openShortCycles, postOutbox } from '#testkit/cycle-cases';
import { openTestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { clearingChecks } from './checks.js';
import { closeDueCycles, finaliseDueCycles, numberClosedCycles } from './cut-off.js';

const CYCLES = 1_000;
const CYCLE_MS = 16;
const PAYERS = 3;
const PATIENCE_MS = 2_000;

interface Race {
  readonly payments: number;
  readonly stepsBack: number;
  /** Members as counted by the closer right after its close. */
  readonly atClose: ReadonlyMap<string, number>;
}

/** Small and the same in every run, yet without a pattern that payers could fall into. */
function unevenly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

async function race(db: Awaited<ReturnType<typeof openTestDatabase>>): Promise<Race> {
  const { dataSource } = db;
  const { manager } = dataSource;
  const book = new AccountBook();
  await book.resolve(
    manager,
    entryCase(1, 'cyc_m0001').lines.map((line) => line.account),
  );
  await ensureCycles(manager, Date.now() + 2 * 86_400_000, 2);
  await openShortCycles(dataSource, CYCLES, CYCLE_MS);
  const atClose = new Map<string, number>();
  let next = 1;
  let stepsBack = 0;
  const racing = () => atClose.size < CYCLES;
  const pay = async (dice: (below: number) => number) => {
    while (racing()) {
      const numbers = Array.from({ length: 1 + dice(3) }, () => next++);
      await completePayments(dataSource, book, numbers, { dawdle: () => sleep(dice(8)) });
    }
  };
  const close = async (lateMs: () => number) => {
    while (racing()) {
      const { closed } = await closeDueCycles(dataSource, PATIENCE_MS);
      const counts = await dataSource.query<{ id: string; n: number }[]>(
        `SELECT c.id, count(p.id)::int AS n
         FROM unnest($1::text[]) AS c(id) LEFT JOIN payments p ON p.cycle_id = c.id GROUP BY 1`,
        [closed],
      );
      for (const { id, n } of counts) atClose.set(id, n);
      await sleep(lateMs());
    }
  };
  const number = async () => {
    while (racing()) {
      await numberClosedCycles(dataSource);
      await sleep(60);
    }
  };
  const step = async (dice: (below: number) => number) => {
    let aheadMs = 0;
    while (racing()) {
      const byMs = dice(40) - 17;
      if (byMs < 0) stepsBack += 1;
      aheadMs += byMs;
      await setHubClock(manager, Date.now() + aheadMs);
      await sleep(100);
    }
  };
  const post = async () => {
    while (racing()) {
      await postOutbox(manager);
      await sleep(40);
    }
  };
  const late = unevenly(7);
  await Promise.all([
    ...Array.from({ length: PAYERS }, (_, seed) => pay(unevenly(seed + 1))),
    close(() => 1),
    close(() => late(200)),
    number(),
    number(),
    step(unevenly(11)),
    post(),
  ]);
  return { payments: next - 1, stepsBack, atClose };
}

it('leaves no residue in a thousand closes under load', async () => {
  const db = await openTestDatabase();
  const { dataSource } = db;
  try {
    const { payments, stepsBack, atClose } = await race(db);
    await numberClosedCycles(dataSource);
    await postOutbox(dataSource.manager);

    const cycles = await dataSource.query<{ id: string; members: number; n: number }[]>(
      `SELECT c.id, c.members, count(p.id)::int AS n
       FROM cycles c LEFT JOIN payments p ON p.cycle_id = c.id
       WHERE c.state = 'closed' GROUP BY c.id`,
    );
    expect(cycles).toHaveLength(CYCLES);
    const moved = cycles.filter(({ id, members, n }) => members !== n || atClose.get(id) !== n);
    expect(moved).toEqual([]);
    const [odd] = await dataSource.query<{ late: number; early: number; stored: number }[]>(
      `SELECT count(*) FILTER (WHERE completed_at >= ends_at)::int AS late,
              count(*) FILTER (WHERE completed_at < starts_at)::int AS early,
              count(*)::int AS stored
       FROM payments p JOIN cycles c ON c.id = p.cycle_id`,
    );
    expect(odd).toMatchObject({ late: 0, stored: payments });
    // Or nothing was tried: steps back behind a closed cycle, and cycles with somebody in them.
    expect(stepsBack).toBeGreaterThan(20);
    expect(odd?.early).toBeGreaterThan(0);
    expect(cycles.filter(({ n }) => n > 0).length).toBeGreaterThan(CYCLES / 10);

    await setHubClock(dataSource.manager, Date.now() + 86_400_000);
    const { final, waiting } = await finaliseDueCycles(dataSource);
    expect([final.length, [...waiting]]).toEqual([CYCLES, []]);
    const results = await runChecks(dataSource, [...ledgerChecks, ...clearingChecks]);
    expect(results.filter((result) => !result.ok)).toEqual([]);
  } finally {
    await db.close();
  }
}, 120_000);
