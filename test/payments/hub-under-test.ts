import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerChecks } from '#ledger';
import { DutyRunner, PartnerCalls, paymentChecks, refundChecks } from '#payments';
import { settableClock, type SettableClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { Connections, HUB_IDENTITY, type HubIdentity } from '#platform/connections/index';
import { runChecks, type CheckResult } from '#platform/invariant-check';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { startHub, type RunningHub } from '../../apps/hub/src/start-hub.js';
import { TestAcquirer, TestWallet } from './cast.js';
import type { Partner } from './partner.js';

/** What one payment has come to, as the database has it. */
export interface StoredPayment {
  readonly id: string;
  readonly state: string;
  readonly acquirer_request_id: string;
  readonly decline_code: string | null;
  readonly decline_detail: string | null;
  readonly duty_kind: string | null;
  readonly cycle_id: string | null;
  readonly wallet_owes_minor: string | null;
}

export interface HubChoices {
  /** Settings beside the free port and the temporary folder. */
  readonly environment?: Record<string, string>;
  /** Whether duties are done by the hub's own loop instead of `passTime`. */
  readonly ownDuties?: boolean;
  readonly databaseUrl?: (url: string) => string;
}

/**
 * A hub on a database of its own with partners enrolled, whose clock stands still until a test
 * moves it: timetables of minutes are played in no time, and nothing is done behind its back.
 */
export class HubUnderTest {
  private constructor(
    readonly database: TestDatabase,
    readonly clock: SettableClock,
    readonly wallet: TestWallet,
    readonly otherWallet: TestWallet,
    readonly acquirer: TestAcquirer,
    readonly otherAcquirer: TestAcquirer,
    private readonly folder: string,
    private readonly choices: HubChoices,
    private running: RunningHub,
  ) {}

  static async open(choices: HubChoices = {}): Promise<HubUnderTest> {
    const clock = settableClock(Date.now());
    const [database, folder, wallet, otherWallet, acquirer, otherAcquirer] = await Promise.all([
      openTestDatabase(),
      mkdtemp(join(tmpdir(), 'wayfare-hub-')),
      TestWallet.open('truemoney'),
      TestWallet.open('gcash'),
      TestAcquirer.open('acq_kamogawa'),
      TestAcquirer.open('acq_sumida'),
    ]);
    const running = await start(database.url, folder, clock, choices);
    const hub = new HubUnderTest(
      database,
      clock,
      wallet,
      otherWallet,
      acquirer,
      otherAcquirer,
      folder,
      choices,
      running,
    );
    await hub.enrol();
    return hub;
  }

  get url(): string {
    return this.running.url;
  }

  get app(): RunningHub['app'] {
    return this.running.app;
  }

  /** Ends the hub and starts another on the same database; partners follow to its new address. */
  async restart(): Promise<void> {
    await this.running.close();
    this.running = await start(this.database.url, this.folder, this.clock, this.choices);
    await this.enrol();
  }

  /** Another hub process on the same database, with settings of its own; the caller closes it. */
  another(environment: Record<string, string> = {}): Promise<RunningHub> {
    const { choices } = this;
    return start(this.database.url, this.folder, this.clock, {
      ...choices,
      environment: { ...choices.environment, ...environment },
    });
  }

  async close(): Promise<void> {
    await this.running.close();
    await Promise.all(this.partners().map((partner) => partner.close()));
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Moves the clock and does everything that has fallen due by then, one after another. */
  async passTime(ms: number): Promise<number> {
    this.clock.advance(ms);
    let done = 0;
    for (;;) {
      const now = await this.app.get(DutyRunner).runDue();
      await this.idle();
      done += now;
      if (now === 0) return done;
    }
  }

  /** Waits for calls to partners that go on behind an answer. */
  idle(): Promise<void> {
    return this.app.get(PartnerCalls).idle();
  }

  async payment(acquirerRequestId: unknown): Promise<StoredPayment> {
    const [row] = await this.database.dataSource.query<StoredPayment[]>(
      'SELECT * FROM payments WHERE acquirer_request_id = $1',
      [acquirerRequestId],
    );
    if (row === undefined) throw new Error(`no payment for ${String(acquirerRequestId)}`);
    return row;
  }

  /** When the pending duty of a payment falls due, counted from the clock's now. */
  async dueInMs(acquirerRequestId: unknown): Promise<number> {
    const [row] = await this.database.dataSource.query<{ due: Date | null }[]>(
      'SELECT duty_due_at AS due FROM payments WHERE acquirer_request_id = $1',
      [acquirerRequestId],
    );
    return (row?.due?.getTime() ?? Number.NaN) - this.clock.nowMs();
  }

  async timeline(paymentId: string): Promise<string[]> {
    const rows = await this.database.dataSource.query<{ event: string }[]>(
      'SELECT event FROM payment_events WHERE payment_id = $1 ORDER BY seq',
      [paymentId],
    );
    return rows.map(({ event }) => event);
  }

  async exposure(walletId: string): Promise<{ reserved: bigint; outstanding: bigint }> {
    const [row] = await this.database.dataSource.query<{ reserved: string; outstanding: string }[]>(
      'SELECT reserved, outstanding FROM exposures WHERE participant_id = $1',
      [walletId],
    );
    return { reserved: BigInt(row?.reserved ?? -1), outstanding: BigInt(row?.outstanding ?? -1) };
  }

  async count(sql: string, parameters: unknown[] = []): Promise<number> {
    const [row] = await this.database.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM ${sql}`,
      parameters,
    );
    return row?.n ?? -1;
  }

  /** Waits until the outbox is empty: everything staged is posted. */
  posted(): Promise<void> {
    return this.emptied('staged_entries');
  }

  /** The same, and everything posted is chained into a block: no loop changes the books any more. */
  async sealed(): Promise<void> {
    await this.posted();
    await this.emptied('journal_unsealed');
  }

  private async emptied(table: string): Promise<void> {
    const until = Date.now() + 20_000;
    while ((await this.count(table)) > 0) {
      if (Date.now() > until) throw new Error(`${table} does not empty`);
      await sleep(10);
    }
  }

  /** What does not hold: invariants of the database, and what wallets hold against it. */
  async faults(): Promise<(CheckResult | string)[]> {
    const { dataSource } = this.database;
    // Nobody's duty is overdue by a clock the database does not know.
    const checks = paymentChecks.filter(({ name }) => name !== 'no-duty-is-forgotten');
    const results = await runChecks(dataSource, [...ledgerChecks, ...checks, ...refundChecks]);
    const paid = await dataSource.query<{ id: string }[]>(
      `SELECT id FROM payments WHERE state = 'succeeded' ORDER BY id`,
    );
    const held = [...this.wallet.held(), ...this.otherWallet.held()].sort();
    const differ = JSON.stringify(paid.map(({ id }) => id)) !== JSON.stringify(held);
    return [
      ...results.filter(({ ok }) => !ok),
      ...(differ ? [`paid ${JSON.stringify(paid)}, wallets hold ${JSON.stringify(held)}`] : []),
    ];
  }

  private partners(): Partner[] {
    return [this.wallet, this.otherWallet, this.acquirer, this.otherAcquirer].map(
      ({ partner }) => partner,
    );
  }

  private async enrol(): Promise<void> {
    const connections = this.app.get(Connections);
    const { publicKey } = this.app.get<HubIdentity>(HUB_IDENTITY);
    for (const partner of this.partners()) {
      const outcome = await this.database.dataSource.transaction((tx) =>
        connections.put(tx, {
          participantId: partner.id,
          role: partner.role,
          clientId: partner.clientId,
          baseUrl: partner.baseUrl,
          publicKeyPem: partner.keys.publicKeyPem,
          keyVersion: 1,
        }),
      );
      if (!outcome.ok) throw new Error(outcome.rejection.detail);
      partner.meet(this.url, publicKey);
    }
    await connections.refresh(this.database.dataSource.manager);
  }
}

async function start(
  url: string,
  folder: string,
  clock: SettableClock,
  choices: HubChoices,
): Promise<RunningHub> {
  const config = loadConfig({
    PORT: '0',
    WAYFARE_DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    ...choices.environment,
  });
  const databaseUrl = choices.databaseUrl?.(url) ?? url;
  const running = await startHub({ config, databaseUrl, clock });
  if (choices.ownDuties !== true) await running.app.get(DutyRunner).stop();
  return running;
}
