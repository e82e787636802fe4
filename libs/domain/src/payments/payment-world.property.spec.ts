/**
 * Goal: whatever the order of opens, answers, duties and cancels over several wallets, payers and
 * payments, no counter is ever negative or above its limit, and the counters always equal what
 * the payments say. Method: a small world with tight limits, random commands against it, and the
 * counters recomputed from the payments after every single step.
 */
import * as fc from 'fast-check';
import { caseNetwork, caseWallet } from '#testkit/network-cases';
import { CASE_COMPLETION, CASE_NOW_MS, caseOpenCommand, caseReserve } from '#testkit/payment-cases';
import type { PaymentMode } from '../network.js';
import { decideAdvance, type AdvanceCommand, type AdvanceDecision } from './decide-advance.js';
import { decideOpen } from './decide-open.js';
import { PUBLISHED_DUTY_POLICY } from './duty.js';
import type { Payment, ReservationChange } from './payment.js';
import type { ReserveContext } from './reserve-payer.js';
import { isFinal } from './state-machine.js';

/** About 20 satang a yen: a cap for some ten thousand yen, a day for about six thousand. */
const CAPS: Readonly<Record<string, bigint>> = { truemoney: 250_000n, kplus: 150_000n };
const PREFUND = 20_000n;
const DAY_LIMIT = 120_000n;
const DAYS = ['2026-11-21', '2026-11-22'] as const;

const network = caseNetwork({
  wallets: Object.keys(CAPS).map((id, index) =>
    caseWallet({
      id,
      name: id,
      codeIssuer: `25900${String(index)}`,
      perDayLimit: { currency: 'THB', minor: DAY_LIMIT },
    }),
  ),
  edges: Object.keys(CAPS).map((walletId) => ({
    walletId,
    version: 1,
    market: 'JP',
    network: 'alipayplus',
    source: 'test',
    asOf: '2026-11',
    quality: 'fictional' as const,
  })),
});

class World {
  readonly payments: Payment[] = [];
  readonly reserved = new Map<string, bigint>();
  readonly outstanding = new Map<string, bigint>();
  readonly used = new Map<string, bigint>();
  readonly booked = new Map<string, number>();
  nowMs = CASE_NOW_MS;
  refused = 0;

  open(mode: PaymentMode, walletId: string, customerId: string, yen: bigint, named: boolean): void {
    const payer = named ? { walletId, customerId } : null;
    const command = caseOpenCommand({
      id: `pay_${String(this.payments.length)}`,
      mode,
      payer,
      paymentAmount: { currency: 'JPY', minor: yen },
      expiresAtMs: this.nowMs + 600_000,
    });
    const context = payer === null ? undefined : this.reserveOf(mode, walletId, customerId);
    const decision = decideOpen(context, command, PUBLISHED_DUTY_POLICY, this.nowMs);
    if (decision.payment.state === 'declined') this.refused += 1;
    this.payments.push(decision.payment);
    this.apply(decision.change);
  }

  advance(index: number, command: AdvanceCommand): AdvanceDecision | undefined {
    const payment = this.payments[index];
    if (payment === undefined) return undefined;
    const decision = decideAdvance(
      {
        payment,
        reserve:
          command.kind === 'identifyPayer'
            ? this.reserveOf(payment.mode, command.walletId, command.customerId)
            : undefined,
        completion: { ...CASE_COMPLETION, completedAtMs: this.nowMs },
        cancelWindowOpen: true,
        policy: PUBLISHED_DUTY_POLICY,
      },
      command,
      this.nowMs,
    );
    if (decision.rejection !== null) this.refused += 1;
    this.payments[index] = decision.payment;
    this.apply(decision.change);
    if (decision.entry !== null) {
      const sign = decision.entry === 'cleared' ? 1 : -1;
      this.booked.set(payment.id, (this.booked.get(payment.id) ?? 0) + sign);
    }
    return decision;
  }

  private reserveOf(mode: PaymentMode, walletId: string, customerId: string): ReserveContext {
    const day = DAYS[this.nowMs < CASE_NOW_MS + 43_200_000 ? 0 : 1];
    return caseReserve({
      network,
      walletId,
      mode,
      nowMs: this.nowMs,
      usageDay: day,
      usedToday: this.used.get(`${walletId} ${customerId} ${day}`) ?? 0n,
      exposure: {
        reserved: this.reserved.get(walletId) ?? 0n,
        outstanding: this.outstanding.get(walletId) ?? 0n,
        cap: CAPS[walletId] ?? 0n,
        prefund: PREFUND,
      },
    });
  }

  private apply(change: ReservationChange | null): void {
    if (change === null) return;
    const { walletId, customerId, usageDay } = change;
    add(this.reserved, walletId, change.reserved);
    add(this.outstanding, walletId, change.outstanding);
    add(this.used, `${walletId} ${customerId} ${usageDay}`, change.used);
  }
}

function add(counters: Map<string, bigint>, key: string, by: bigint): void {
  counters.set(key, (counters.get(key) ?? 0n) + by);
}

/** The counters as the payments alone say they must be. */
function recount(payments: readonly Payment[]): {
  reserved: Map<string, bigint>;
  outstanding: Map<string, bigint>;
  used: Map<string, bigint>;
} {
  const sums: ReturnType<typeof recount> = {
    reserved: new Map(),
    outstanding: new Map(),
    used: new Map(),
  };
  for (const { payer, state, cycleId } of payments) {
    if (payer === null || state === 'declined' || state === 'cancelled') continue;
    const { walletId, customerId, usageDay, price } = payer;
    add(cycleId === null ? sums.reserved : sums.outstanding, walletId, price.walletOwes.minor);
    add(sums.used, `${walletId} ${customerId} ${usageDay}`, price.payToAmount.minor);
  }
  return sums;
}

const withoutZeros = (counters: Map<string, bigint>): [string, bigint][] =>
  [...counters].filter(([, minor]) => minor !== 0n).sort();

/** What does not hold, or undefined; plain code, since it runs after every step of every run. */
function faultOf(world: World): string | undefined {
  const truth = recount(world.payments);
  for (const name of ['reserved', 'outstanding', 'used'] as const) {
    for (const key of new Set([...world[name].keys(), ...truth[name].keys()])) {
      const counted = world[name].get(key) ?? 0n;
      if (counted !== (truth[name].get(key) ?? 0n)) return `${name} of ${key} is not its payments'`;
      if (counted < 0n) return `${name} of ${key} is negative`;
    }
  }
  for (const [walletId, cap] of Object.entries(CAPS)) {
    const exposure = (world.reserved.get(walletId) ?? 0n) + (world.outstanding.get(walletId) ?? 0n);
    if (exposure > cap + PREFUND) return `${walletId} is above its cap`;
  }
  for (const [key, minor] of world.used) if (minor > DAY_LIMIT) return `${key} is above its day`;
  for (const { id, state, duty, cycleId } of world.payments) {
    if (!isFinal(state) && duty === null) return `${id} is ${state} without a duty`;
    const inBooks = cycleId !== null && state !== 'cancelled' ? 1 : 0;
    if ((world.booked.get(id) ?? 0) !== inBooks) return `${id} is ${state} and not so in the books`;
  }
  return undefined;
}

const decline = { code: 'RISK_REJECT', detail: 'No.', by: 'wallet' } as const;
const attempt = fc.integer({ min: 0, max: 9 });
const wallet = fc.constantFrom(...Object.keys(CAPS));
const customer = fc.constantFrom('ann', 'bee', 'cho');

type Step = (world: World) => void;

const anOpen: fc.Arbitrary<Step> = fc
  .record({
    mode: fc.constantFrom<PaymentMode>('userPresented', 'orderCode', 'entryCode', 'nationalQr'),
    wallet,
    customer,
    yen: fc.bigInt(1n, 5_000n),
    named: fc.boolean(),
  })
  .map((o) => (world: World) => {
    const named = o.mode === 'userPresented' || o.mode === 'nationalQr' || o.named;
    world.open(o.mode, o.wallet, o.customer, o.yen, named);
  });

const command: fc.Arbitrary<AdvanceCommand> = fc.oneof(
  fc
    .record({ walletId: wallet, customerId: customer })
    .map((payer) => ({ kind: 'identifyPayer' as const, ...payer })),
  fc.boolean().map((acquirerWaits) => ({
    kind: 'walletPaid' as const,
    walletPaymentId: 'w',
    acquirerWaits,
  })),
  attempt.map((n) => ({ kind: 'walletUnknown' as const, attempt: n, reason: 'silence' })),
  attempt.map((n) => ({ kind: 'cancelUnknown' as const, attempt: n, reason: 'silence' })),
  attempt.map((n) => ({ kind: 'acquirerUnknown' as const, attempt: n, reason: 'silence' })),
  attempt.map((n) => ({ kind: 'notificationFailed' as const, attempt: n, reason: 'silence' })),
  fc.constantFrom<AdvanceCommand>(
    { kind: 'walletRefused', decline },
    { kind: 'expire' },
    { kind: 'cancel' },
    { kind: 'cancelConfirmed' },
    { kind: 'cancelTakenAsDone', reason: 'Ana and Ben.' },
    { kind: 'acquirerAccepted', acquirerPaymentId: 'a' },
    { kind: 'acquirerRefused', decline },
    { kind: 'acquirerNotified' },
  ),
);

const anAdvance: fc.Arbitrary<Step> = fc
  .record({ index: fc.nat({ max: 11 }), command })
  .map(({ index, command: chosen }) => (world: World) => {
    world.advance(index % Math.max(1, world.payments.length), chosen);
  });

const aPause: fc.Arbitrary<Step> = fc
  .constantFrom(1, 4_000, 60_000, 600_000, 43_200_000)
  .map((ms) => (world: World) => {
    world.nowMs += ms;
  });

const steps = fc.array(
  fc.oneof({ arbitrary: anOpen, weight: 3 }, { arbitrary: anAdvance, weight: 6 }, aPause),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** A partner that answers every duty for good; the last word of the story. */
function settle(world: World, pays: boolean): number {
  let done = 0;
  for (let index = 0; index < world.payments.length; index++) {
    for (let tries = 0; tries < 12; tries++) {
      const duty = world.payments[index]?.duty;
      if (duty === null || duty === undefined) break;
      world.nowMs = Math.max(world.nowMs, duty.dueAtMs);
      world.advance(index, lastWord(duty.kind, pays));
      done += 1;
    }
  }
  return done;
}

function lastWord(kind: NonNullable<Payment['duty']>['kind'], pays: boolean): AdvanceCommand {
  switch (kind) {
    case 'expireOrder':
      return { kind: 'expire' };
    case 'inquireWallet':
      return pays
        ? { kind: 'walletPaid', walletPaymentId: 'w' }
        : { kind: 'walletRefused', decline };
    case 'cancelAtWallet':
      return { kind: 'cancelConfirmed' };
    case 'pushToAcquirer':
    case 'inquirePush':
      return pays
        ? { kind: 'acquirerAccepted', acquirerPaymentId: 'a' }
        : { kind: 'acquirerRefused', decline };
    case 'notifyAcquirer':
      return { kind: 'acquirerNotified' };
  }
}

describe('a world of wallets, payers and payments', () => {
  it('keeps every counter within its limits and equal to its payments, step by step', () => {
    const seen = { refused: 0, states: new Set<string>() };
    fc.assert(
      fc.property(steps, fc.boolean(), (plan, pays) => {
        const world = new World();
        for (const take of plan) {
          take(world);
          expect(faultOf(world)).toBeUndefined();
          for (const { state } of world.payments) seen.states.add(state);
        }
        seen.refused += world.refused;
        settle(world, pays);
        expect(faultOf(world)).toBeUndefined();
        expect(
          world.payments.filter(({ state, duty }) => !isFinal(state) || duty !== null),
        ).toEqual([]);
        expect(withoutZeros(world.reserved)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    // Limits that never bite, or states that never occur, would prove nothing.
    expect(seen.refused).toBeGreaterThan(100);
    expect([...seen.states].sort()).toEqual([
      'authorising',
      'awaitingPayer',
      'cancelled',
      'cancelling',
      'closed',
      'declined',
      'pushing',
      'succeeded',
    ]);
  });

  it('lets exactly as many payers in as the cap has room for', () => {
    fc.assert(
      fc.property(fc.bigInt(100n, 4_000n), fc.integer({ min: 1, max: 30 }), (yen, payers) => {
        const world = new World();
        for (let n = 0; n < payers; n++) {
          world.open('userPresented', 'kplus', `payer-${String(n)}`, yen, true);
        }
        const owed = world.payments.find(({ payer }) => payer !== null)?.payer?.price.walletOwes;
        const room = ((CAPS['kplus'] ?? 0n) + PREFUND) / (owed?.minor ?? 1n);
        const admitted = world.payments.filter(({ state }) => state === 'authorising').length;
        expect(BigInt(admitted)).toBe(room < BigInt(payers) ? room : BigInt(payers));
      }),
      { numRuns: 200 },
    );
  });
});
