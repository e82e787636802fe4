import { isoDate } from '#domain/rates/calendar-day';
import type { CurrencySettlement, ParticipantSettlement, SettlementAnswer } from './answers.js';
import { percent } from './corridors.js';
import { clearingDate } from './dates.js';
import type { Ground } from './ground.js';
import type { CycleFlows } from './settlement/cycle-flows.js';
import type { LiquiditySums } from './settlement/liquidity.js';
import type { NettingSums } from './settlement/netting.js';
import type { ObligationSums } from './settlement/obligations.js';
import { MONEY, MONEY_COLUMNS } from '../totals.js';
import type { Tally } from './tally.js';

/** The parts of settlement, worked out once and read by tables and headlines. */
export interface SettlementParts {
  readonly flows: CycleFlows;
  readonly netting: NettingSums;
  readonly liquidity: LiquiditySums;
  readonly obligations: ObligationSums;
}

export function settlementAnswerOf(
  ground: Ground,
  tally: Tally,
  parts: SettlementParts,
): SettlementAnswer {
  const { currencies, settlement } = ground.world;
  const legs = legsOf(ground, tally);
  return {
    cyclesPerDay: settlement.cyclesPerDay,
    netting: settlement.netting,
    currencies: currencies
      .map((_, currency) => currencyOf(ground, parts, legs, currency))
      .filter(({ grossMinor }) => grossMinor !== 0),
    participants: participantsOf(ground, parts),
    obligations: {
      ...parts.obligations.counts,
      heldBecause: parts.obligations.counts.held === 0 ? [] : ground.valueDates.heldBecause(),
    },
  };
}

/** Every payment has two legs: what the wallet owes, and what the acquirer is due. */
function legsOf(ground: Ground, tally: Tally): Float64Array {
  const legs = new Float64Array(ground.world.currencies.length);
  ground.pairs.forEach((_, pair) => {
    const payments = tally.minor[pair * MONEY_COLUMNS.length + MONEY.payments] ?? 0;
    for (const side of [ground.walletCurrency, ground.settlementCurrency]) {
      const currency = side[pair] ?? 0;
      legs[currency] = (legs[currency] ?? 0) + payments;
    }
  });
  return legs;
}

/** What the design's netting moves of a currency. */
export function movedMinor(ground: Ground, netting: NettingSums, currency: number): number {
  switch (ground.world.settlement.netting) {
    case 'gross':
      return netting.gross[currency] ?? 0;
    case 'bilateral':
      return netting.bilateral[currency] ?? 0;
    case 'multilateral':
      return netting.multilateral[currency] ?? 0;
  }
}

function currencyOf(
  ground: Ground,
  { netting, liquidity }: SettlementParts,
  legs: Float64Array,
  currency: number,
): CurrencySettlement {
  const at = (column: Float64Array): number => column[currency] ?? 0;
  const [gross, used] = [at(netting.gross), at(liquidity.used)];
  const [hubIn, hubOut] = [at(netting.hubIn), at(netting.hubOut)];
  const peakDay = liquidity.peakDay[currency] ?? -1;
  return {
    currency: ground.world.currencies[currency] ?? '',
    legs: at(legs),
    grossMinor: gross,
    bilateralMinor: at(netting.bilateral),
    multilateralMinor: at(netting.multilateral),
    bilateralTransfers: at(netting.bilateralTransfers),
    multilateralTransfers: at(netting.multilateralTransfers),
    nettingPercent: percent(gross - movedMinor(ground, netting, currency), gross),
    hubInMinor: hubIn,
    hubOutMinor: hubOut,
    hubOffsetPercent: percent(hubIn + hubOut - at(netting.hubOpen), hubIn + hubOut),
    liquidityLowerMinor: at(liquidity.lower),
    liquidityUsedMinor: used,
    liquidityUpperMinor: at(liquidity.upper),
    liquidityPeakMinor: at(liquidity.peak),
    liquidityPeakOn: peakDay < 0 ? null : clearingDate(ground, peakDay),
    hubLiquidityMinor: at(liquidity.hub),
    turnoverRatio: used === 0 ? 0 : gross / used,
  };
}

function participantsOf(
  ground: Ground,
  { flows, obligations }: SettlementParts,
): ParticipantSettlement[] {
  const { participants } = flows;
  return participants.ids.map((participant, n) => {
    const at = (column: Float64Array): number => column[n] ?? 0;
    const peakOn = obligations.peakDueOn[n] ?? -1;
    const value = at(obligations.settledValue);
    return {
      participant,
      role: participants.roles[n] ?? 'wallet',
      currency: ground.world.currencies[participants.currency[n] ?? 0] ?? '',
      paysMinor: at(obligations.pays),
      receivesMinor: at(obligations.receives),
      cycles: at(obligations.cycles),
      peakDueMinor: at(obligations.peakDue),
      peakDueOn: peakOn < 0 ? null : isoDate(peakOn),
      meanHours: value === 0 ? 0 : at(obligations.waitedHours) / value,
      openMinor: at(obligations.open),
    };
  });
}
