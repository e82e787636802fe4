import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { discardDatabase } from '#platform/postgres/index';
import { turnDay } from './days.js';
import { drawer } from './draw.js';
import { FAULTS, faultPlan, type FaultName } from './faults.js';
import { examine, untilFinal, untilQuiet, type Findings } from './findings.js';
import { Partners } from './partners.js';
import { Shoppers } from './shoppers.js';
import { SoakSystem } from './system.js';

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Name of the Redis binary; absent: PostgreSQL carries the queues. */
  readonly redisBinary: string | undefined;
  readonly perSecond: number;
  readonly faultEveryMs: number;
  readonly workers: number;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface StruckFault {
  readonly name: FaultName;
  /** From the strike to the next payment that went through. */
  readonly recoveredAfterMs: number;
}

export interface SoakReport extends Findings {
  readonly backend: 'postgres' | 'redis';
  readonly seed: number;
  readonly seconds: number;
  readonly sent: number;
  readonly unreached: number;
  readonly commitsCut: number;
  readonly faults: readonly StruckFault[];
  /** What was still under way when the time for it was over. */
  readonly leftOpen: readonly string[];
  readonly ok: boolean;
}

const RECOVERED_WITHIN_MS = 90_000;
const PROBE_EVERY_MS = 200;
const FIRST_FAULT_AFTER_MS = 3_000;

/**
 * A system of real processes under load, struck by one fault after another, and examined when all
 * is quiet again. Everything it starts lies in a folder of its own and ends with it.
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { tell, redisBinary, workers, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'wayfare-soak-'));
  const backend = redisBinary === undefined ? 'postgres' : 'redis';
  tell(`${backend}: starting hub, ${String(workers)} clearing workers, partners, database`);
  let system: SoakSystem | undefined;
  try {
    system = await SoakSystem.start({ folder, redisBinary, workers });
    signal.throwIfAborted();
    return { backend, ...(await strikeAndExamine(system, options)) };
  } finally {
    await system?.stop();
    await discardDatabase(folder);
  }
}

async function strikeAndExamine(
  system: SoakSystem,
  options: SoakOptions,
): Promise<Omit<SoakReport, 'backend'>> {
  const { tell, seed, seconds, signal } = options;
  const partners = new Partners(system.folder);
  await untilPaid(partners, signal);
  const shoppers = new Shoppers(partners, options.perSecond, seed);
  shoppers.start();
  const faults = await strikeUntil(system, partners, shoppers, options);
  tell('the load ends; waiting until nothing is under way');
  await shoppers.close();
  await partners.loseAnswers(0);
  const leftOpen = await untilQuiet(system, partners, signal);
  const lastCycle = await turnDay(system, 0);
  if (!(await untilFinal(system, lastCycle, signal))) {
    leftOpen.push(`${lastCycle} is not final and netted`);
  }
  leftOpen.push(...(await untilQuiet(system, partners, signal)));
  const findings = await examine(system, partners, shoppers.told);
  for (const [what, times] of shoppers.faults) tell(`not reached ${String(times)} times: ${what}`);
  const ok =
    leftOpen.length === 0 &&
    findings.payments > 0 &&
    findings.terminal === findings.payments &&
    findings.brokenPromises.length === 0 &&
    findings.wallets.length === 0 &&
    findings.verify.ok &&
    findings.ledger.equal;
  return {
    ...findings,
    ...{ seed, seconds, faults, leftOpen, ok },
    ...{ sent: shoppers.sent, unreached: shoppers.unreached },
    commitsCut: system.line.commitsCut(),
  };
}

async function strikeUntil(
  system: SoakSystem,
  partners: Partners,
  shoppers: Shoppers,
  { seconds, seed, faultEveryMs, tell, signal }: SoakOptions,
): Promise<StruckFault[]> {
  const below = drawer(seed + 2);
  const plan = faultPlan(system, below);
  const struck: StruckFault[] = [];
  const endMs = performance.now() + seconds * 1_000;
  await sleep(FIRST_FAULT_AFTER_MS, undefined, { signal });
  while (performance.now() < endMs) {
    const name = plan.next().value;
    const startedMs = performance.now();
    await FAULTS[name].strike({ system, partners, below });
    await untilPaid(partners, signal);
    const recoveredAfterMs = Math.round(performance.now() - startedMs);
    struck.push({ name, recoveredAfterMs });
    tell(
      `${FAULTS[name].about}: paid again after ${(recoveredAfterMs / 1_000).toFixed(1)} s; ` +
        `${String(shoppers.sent)} sales begun, ${String(shoppers.told.length)} answered`,
    );
    const restMs = Math.min(faultEveryMs, endMs - performance.now());
    if (restMs > 0) await sleep(restMs, undefined, { signal });
  }
  return struck;
}

/** Asks for one payment after another until one succeeds: only then the system is back. */
async function untilPaid(partners: Partners, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + RECOVERED_WITHIN_MS;
  let last = 'no answer';
  while (performance.now() < deadlineMs) {
    signal.throwIfAborted();
    try {
      const paymentCode = await partners.showCode('truemoney', 'cus_probe_ok');
      if (paymentCode !== undefined) {
        const sale = { storeId: 'sto_gion_menya_kawara_1', amount: '120', paymentCode };
        const { result } = await partners.charge('acq_kamogawa', sale);
        if (result.resultStatus === 'S') return;
        last = `${result.resultStatus} ${result.resultCode}`;
      }
    } catch (error) {
      last = String(error);
    }
    await sleep(PROBE_EVERY_MS);
  }
  throw new Error(`the system does not come back: ${last}`);
}
