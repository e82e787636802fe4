import { decideDefault } from '#domain/settlement/decide-default';
import type { Obligation } from '#domain/settlement/obligation';
import { isoDate } from '#domain/rates/calendar-day';
import type { DefaultAnswer } from './answers.js';
import type { Ground } from './ground.js';
import type { CycleFlows } from './settlement/cycle-flows.js';
import type { SimulatedObligation } from './settlement/obligations.js';

/** First day (since 1970-01-01) on which a participant pays nothing; beyond all days for others. */
export function stopsOn({ world }: Ground, participantId: string): number {
  const found = world.defaults?.find(({ participant }) => participant === participantId);
  return found?.day ?? Number.MAX_SAFE_INTEGER;
}

/** Collects, while obligations are decided, those that a defaulter will not honour. */
export class DefaultBook {
  private readonly open = new Map<number, SimulatedObligation[]>();

  constructor(
    private readonly ground: Ground,
    private readonly flows: CycleFlows,
  ) {}

  /** Due before the day, it was paid; carried, it is part of a later one. */
  see(obligation: SimulatedObligation): void {
    const { participant, state, valueDate } = obligation;
    const stops = stopsOn(this.ground, this.flows.participants.ids[participant] ?? '');
    if (stops === Number.MAX_SAFE_INTEGER || obligation.minor === 0) return;
    if (state === 'carried' || (state === 'due' && valueDate < stops)) return;
    const open = this.open.get(participant) ?? [];
    this.open.set(participant, open);
    open.push(obligation);
  }

  /** One for each defaulter, also where it leaves nothing unpaid. */
  answers(): DefaultAnswer[] {
    return (this.ground.world.defaults ?? []).flatMap(({ participant }) => {
      const index = this.flows.participants.ids.indexOf(participant);
      return index < 0 ? [] : [this.answer(index, this.open.get(index) ?? [])];
    });
  }

  private answer(participant: number, open: readonly SimulatedObligation[]): DefaultAnswer {
    const { ground, flows } = this;
    const { world } = ground;
    const id = flows.participants.ids[participant] ?? '';
    const currency = flows.participants.currency[participant] ?? 0;
    const code = world.currencies[currency] ?? '';
    const cycles = new Set(open.filter(({ minor }) => minor > 0).map(({ cycle }) => cycle));
    const unpaid = open.filter(({ minor }) => minor > 0);
    const receivables = open.filter(({ minor }) => minor < 0);
    const whole = (minor: number): bigint => BigInt(Math.round(minor));
    const stated = (obligation: SimulatedObligation): Obligation => ({
      id: `obl_${String(obligation.cycle)}_${id}`,
      cycleId: `cyc_${String(obligation.cycle)}`,
      participantId: id,
      role: flows.participants.roles[participant] ?? 'wallet',
      currency: code,
      minor: whole(obligation.minor),
      settledMinor: 0n,
      coveredMinor: 0n,
      exposureMinor: whole(obligation.minor),
      releasedMinor: 0n,
      state: 'due',
    });
    const waterfall = decideDefault({
      defaultId: `def_${id}`,
      participantId: id,
      currency: code,
      unpaid: unpaid.map(stated),
      receivables: receivables.map(stated),
      prefundMinor: whole(world.settlement.prefundMinor[participant] ?? 0),
      hubCapitalMinor: whole(world.settlement.hubCapitalMinor?.[currency] ?? 0),
      survivors: this.survivors(participant, currency, cycles, whole),
    });
    const on = stopsOn(ground, id);
    const day = Math.min(Math.max(on - ground.firstClearingDay, 0), ground.clearingDays - 1);
    const rate = ground.usd[day * world.currencies.length + currency] ?? 0;
    const lossMinor = Number(waterfall.lossMinor);
    return {
      participant: id,
      on: isoDate(on),
      currency: code,
      lossMinor,
      lossUsd: lossMinor * rate,
      prefundMinor: Number(waterfall.prefundMinor),
      receivablesMinor: Number(waterfall.receivablesMinor),
      hubStillOwesMinor:
        receivables.reduce((total, { minor }) => total - minor, 0) -
        Number(waterfall.receivablesMinor),
      hubCapitalMinor: Number(waterfall.hubCapitalMinor),
      survivors: waterfall.survivors.map(({ participantId, minor }) => ({
        participant: participantId,
        minor: Number(minor),
      })),
      residualMinor: Number(waterfall.residualMinor),
    };
  }

  /** Everybody else who settles in the currency, by traffic in the cycles left unpaid. */
  private survivors(
    defaulter: number,
    currency: number,
    cycles: ReadonlySet<number>,
    whole: (minor: number) => bigint,
  ): { readonly participantId: string; readonly weight: bigint }[] {
    const { participants, hours, hoursPerCycle } = this.flows;
    return participants.ids.flatMap((participantId, participant) => {
      if (participant === defaulter || participants.currency[participant] !== currency) return [];
      let weight = 0;
      for (const cycle of cycles) {
        for (let hour = cycle * hoursPerCycle; hour < (cycle + 1) * hoursPerCycle; hour++) {
          weight += hours[hour * participants.count + participant] ?? 0;
        }
      }
      return [{ participantId, weight: whole(weight) }];
    });
  }
}
