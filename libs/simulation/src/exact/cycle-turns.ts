import type { CycleId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { DecidedObligation } from '#domain/settlement/decide-obligations';
import type { World } from '../world.js';
import type { ExactHub } from './exact-hub.js';
import { finalAfterMs } from './world-premises.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What is to be done about a cycle. */
type CycleDuty =
  | { readonly kind: 'close' | 'finalise'; readonly cycleId: CycleId }
  | { readonly kind: 'settle'; readonly cycleId: CycleId; readonly due: DecidedObligation };

/** Ends the cycles of a simulated hub in their time, and settles what they leave on its day. */
export class CycleTurns {
  private readonly duties: (CycleDuty | undefined)[] = [];
  private lastCycle: CycleId = 'cyc_none';

  /** @param plan puts a duty, by its number, on the calendar of events */
  constructor(
    private readonly world: World,
    private readonly hub: ExactHub,
    private readonly plan: (atMs: number, duty: number) => void,
  ) {}

  /** A cycle that is met for the first time will end. */
  meet(id: CycleId): void {
    if (id === this.lastCycle) return;
    this.lastCycle = id;
    const cycle = this.hub.cycles.cycles.get(id);
    invariant(cycle !== undefined, `${id} is a cycle of this hub`);
    if (cycle.members > 1) return;
    this.planCycle(cycle.endsAtMs, { kind: 'close', cycleId: id });
  }

  turn(index: number, nowMs: number): void {
    const duty = this.duties[index];
    this.duties[index] = undefined;
    invariant(duty !== undefined, 'a cycle turns once');
    const { hub, world } = this;
    const { cycleId } = duty;
    const cycle = hub.cycles.cycles.get(cycleId);
    switch (duty.kind) {
      case 'close':
        invariant(cycle !== undefined, `${cycleId} is open`);
        hub.cycles.close(cycleId, cycle.kind, cycle.endsAtMs);
        this.planCycle(nowMs + finalAfterMs(world.settlement.cyclesPerDay), {
          kind: 'finalise',
          cycleId,
        });
        return;
      case 'finalise':
        hub.cycles.finalise(cycleId);
        for (const due of hub.net(cycleId)) this.settleLater(cycleId, due);
        hub.obligations.delete(cycleId);
        hub.cycles.forget(cycleId);
        return;
      case 'settle':
        hub.settle(cycleId, duty.due);
    }
  }

  private settleLater(cycleId: CycleId, due: DecidedObligation): void {
    if (due.state === 'settled') this.hub.settle(cycleId, due);
    if (due.state !== 'due' || due.valueDate === null) return;
    const { day } = due.valueDate;
    const defaulted = this.world.defaults?.some(
      (gone) => gone.participant === due.participantId && day >= gone.day,
    );
    if (defaulted === true) return;
    const atMs = day * DAY_MS - 8 * HOUR_MS + this.world.settlement.confirmedAtHour * HOUR_MS;
    this.planCycle(atMs, { kind: 'settle', cycleId, due });
  }

  private planCycle(atMs: number, duty: CycleDuty): void {
    this.duties.push(duty);
    this.plan(atMs, this.duties.length - 1);
  }
}

/** Room that no simulated year fills, where caps do not hold. */
const NO_CAP = 1n << 80n;

/** Gives every participant of a world its account, with room for all where caps do not hold. */
export function openAccounts(world: World, hub: ExactHub): void {
  const { capsHold, capMinor, prefundMinor } = world.settlement;
  world.wallets.forEach(({ wallet }, index) => {
    hub.applyToBooks({
      kind: 'exposureTerms',
      participantId: wallet.id,
      currency: wallet.currency,
      cap: capsHold ? BigInt(Math.floor(capMinor[index] ?? 0)) : NO_CAP,
      prefund: BigInt(Math.floor(prefundMinor[index] ?? 0)),
    });
  });
  for (const { acquirer, currency } of world.acquirers) {
    hub.applyToBooks({
      kind: 'exposureTerms',
      participantId: acquirer.id,
      currency: world.currencies[currency] ?? acquirer.settlementCurrency,
      cap: acquirer.refundCap.minor,
      prefund: 0n,
    });
  }
}
