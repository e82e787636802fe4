import { setTimeout as sleep } from 'node:timers/promises';
import { toDecimal } from '#domain/money';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { simulatedDay, type DayPurchase } from '#scenarios';
import { findRunning } from '../../system/running.js';
import type { SandboxControl } from '../../system/sandbox-control.js';
import { givenScenario } from './given-scenario.js';
import type { ReplayOptions } from './replay.js';
import { stoppedByPerson } from './stopped-by-person.js';

const EXIT_INTERRUPTED = 130;
const TOLD_EVERY_MS = 1_000;
/** Payers of a wallet who take turns; each has a balance of its own at the simulated wallet. */
const PAYERS = 1_000;

/** What came of a replay. */
interface ReplayReport {
  readonly scenario: string;
  readonly day: string;
  readonly speed: number;
  readonly purchasesOfDay: number;
  readonly sent: number;
  readonly paid: number;
  /** By the hub's result code. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Purchases of wallets or currencies that no simulated partner plays. */
  readonly skipped: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Furthest that a payment was sent behind its moment. */
  readonly latestMs: number;
}

/** Sends a simulated day through the running hub: each purchase at its moment, by a shown code. */
export async function replayDay(scenario: string, options: ReplayOptions): Promise<void> {
  const { dataDir } = loadConfig();
  const system = await findRunning(dataDir);
  if (system === undefined) {
    throw new ExplainedError(
      `no hub with simulated partners runs on the data folder ${dataDir}; start one with npm start`,
    );
  }
  const { day, seed, limit, set } = options;
  const simulated = await simulatedDay(scenario, { ...givenScenario(set), seed, day });
  const cast = await castOf(system.sandbox);
  const sales = simulated.purchases.flatMap((purchase) => saleOf(cast, purchase) ?? []);
  const played = new ReplayedDay(system.sandbox, options.speed);
  const { signal, forget } = stoppedByPerson();
  try {
    await played.send(sales.slice(0, limit), signal);
  } finally {
    forget();
  }
  const report: ReplayReport = {
    scenario: simulated.scenario,
    day,
    speed: options.speed,
    purchasesOfDay: simulated.purchases.length,
    ...played.report(),
    skipped: simulated.purchases.length - sales.length,
  };
  process.stdout.write(
    options.json === true ? `${JSON.stringify(report, null, 2)}\n` : `${reportText(report)}\n`,
  );
  if (signal.aborted) process.exitCode = EXIT_INTERRUPTED;
  else if (report.sent === 0) process.exitCode = 1;
}

/** A purchase as a simulated wallet and a simulated till play it. */
interface Sale {
  readonly instantMs: number;
  readonly wallet: string;
  readonly customer: string;
  readonly acquirer: string;
  readonly store: string;
  readonly amount: string;
}

interface ReplayCast {
  readonly wallets: ReadonlySet<string>;
  readonly stores: ReadonlyMap<
    string,
    readonly { readonly storeId: string; readonly currency: string }[]
  >;
}

async function castOf(sandbox: SandboxControl): Promise<ReplayCast> {
  const { wallets, acquirers } = await sandbox.partners();
  const stores = await Promise.all(
    acquirers.map(async (id) => [id, await sandbox.stores(id)] as const),
  );
  return { wallets: new Set(wallets), stores: new Map(stores) };
}

/** How a simulated payer behaves, by the ending of its id (docs/sandbox.md). */
const ENDINGS: Readonly<Record<DayPurchase['conduct'], string>> = {
  pays: '',
  insufficientFunds: '_insufficient',
  riskRefused: '_risk',
  timedOut: '_unknown',
};

/** The shops of the network stand for the simulated ones, those of the same acquirer first. */
function saleOf(cast: ReplayCast, purchase: DayPurchase): Sale | undefined {
  const { wallet, acquirer, currency, amountMinor, instantMs } = purchase;
  if (!cast.wallets.has(wallet)) return undefined;
  const payer = Math.floor(purchase.payer * PAYERS);
  const own = (cast.stores.get(acquirer) ?? [])
    .filter((store) => store.currency === currency)
    .map(({ storeId }) => ({ acquirer, store: storeId }));
  const shops = own.length > 0 ? own : shopsIn(cast, currency);
  const shop = shops[payer % Math.max(1, shops.length)];
  if (shop === undefined) return undefined;
  return {
    instantMs,
    wallet,
    customer: `cus_sim${String(payer)}${ENDINGS[purchase.conduct]}`,
    ...shop,
    amount: toDecimal({ currency, minor: BigInt(amountMinor) }),
  };
}

function shopsIn(cast: ReplayCast, currency: string): { acquirer: string; store: string }[] {
  return [...cast.stores].flatMap(([acquirer, stores]) =>
    stores
      .filter((store) => store.currency === currency)
      .map(({ storeId }) => ({ acquirer, store: storeId })),
  );
}

/** Sends sales at their moments, whether answers come or not, and counts what came back. */
class ReplayedDay {
  private readonly outcomes: Record<string, number> = {};
  private readonly tookMs: number[] = [];
  private sent = 0;
  private paid = 0;
  private latestMs = 0;
  private seconds = 0;

  constructor(
    private readonly sandbox: SandboxControl,
    private readonly speed: number,
  ) {}

  async send(sales: readonly Sale[], signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const firstMs = sales[0]?.instantMs ?? 0;
    const underway = new Set<Promise<void>>();
    let toldAt = startedAt;
    for (const sale of sales) {
      const dueAt = startedAt + (sale.instantMs - firstMs) / this.speed;
      await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal }).catch(
        () => undefined,
      );
      if (signal.aborted) break;
      this.latestMs = Math.max(this.latestMs, performance.now() - dueAt);
      this.sent += 1;
      const one = this.play(sale);
      underway.add(one);
      void one.finally(() => underway.delete(one));
      if (performance.now() - toldAt < TOLD_EVERY_MS) continue;
      toldAt = performance.now();
      const at = new Date(sale.instantMs).toISOString().slice(11, 16);
      process.stderr.write(
        `${at} UTC  ${String(this.sent)} of ${String(sales.length)} sent  ${String(this.paid)} paid\n`,
      );
    }
    await Promise.all(underway);
    this.seconds = (performance.now() - startedAt) / 1_000;
  }

  report(): Omit<ReplayReport, 'scenario' | 'day' | 'speed' | 'purchasesOfDay' | 'skipped'> {
    const sorted = [...this.tookMs].sort((a, b) => a - b);
    const at = (share: number): number =>
      Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
    return {
      sent: this.sent,
      paid: this.paid,
      outcomes: this.outcomes,
      seconds: Math.round(this.seconds * 10) / 10,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      latestMs: Math.round(this.latestMs),
    };
  }

  /** A payer shows a code, a till charges it; a partner that fails is an outcome too. */
  private async play({ wallet, customer, acquirer, store, amount }: Sale): Promise<void> {
    const startedAt = performance.now();
    let code: string;
    try {
      const shown = await this.sandbox.showCode(wallet, customer);
      const paymentCode = shown.paymentCodes[0]?.codeValue;
      const { result } =
        paymentCode === undefined
          ? shown
          : await this.sandbox.charge(acquirer, { storeId: store, paymentCode, amount });
      code = result.resultCode;
      if (result.resultStatus === 'S' && paymentCode !== undefined) this.paid += 1;
    } catch (error) {
      code = error instanceof Error ? error.message : 'failed';
    }
    this.tookMs.push(performance.now() - startedAt);
    this.outcomes[code] = (this.outcomes[code] ?? 0) + 1;
  }
}

function reportText(report: ReplayReport): string {
  const { scenario, day, speed, sent, paid, outcomes, skipped } = report;
  const codes = Object.entries(outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `  ${String(count).padStart(6)}  ${code}`);
  return [
    `${scenario}, ${day}, ${String(speed)} times as fast as life`,
    `${String(sent)} of the day’s ${String(report.purchasesOfDay)} purchases sent in ${String(report.seconds)} s, ${String(paid)} paid`,
    ...codes,
    `till to answer: half within ${String(report.p50Ms)} ms, 95 % within ${String(report.p95Ms)} ms`,
    ...(report.latestMs > 1_000
      ? [`up to ${String(report.latestMs)} ms late: this machine does not keep up with that speed`]
      : []),
    ...(skipped === 0
      ? []
      : [`${String(skipped)} purchases left out: no simulated partner plays their wallet or shop`]),
  ].join('\n');
}
