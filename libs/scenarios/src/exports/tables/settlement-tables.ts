import { currencyOf } from '#domain/currency';
import { participantsOf } from '#simulation/answers/settlement/cycle-flows';
import type { AnsweredReplication } from '../../runs/run-scenario.js';
import {
  date,
  integer,
  maybeDate,
  maybeText,
  money,
  real,
  text,
  type Row,
  type TableDescription,
} from '../table-description.js';
import { REPLICATION, moneyCells, whole } from './replication.js';

/** A table made of the answers of each replication. */
export interface AnswerTable {
  readonly table: TableDescription;
  readonly rows: (of: AnsweredReplication) => Iterable<Row>;
}

const cells = (currency: string, amounts: readonly number[]): Row => [
  currency,
  currencyOf(currency).exponent,
  ...amounts.map(whole),
];

const CLEARING_DAY = date('clearing_day', 'clearing day, 00:00 to 24:00 at UTC+8');

export const participants: AnswerTable = {
  table: {
    id: 'participants',
    means: 'What each participant paid and received in settlement under the scenario’s design.',
    oneRowPer: 'replication, participant and currency',
    columns: [
      REPLICATION,
      text('participant', 'id of the wallet, the acquirer or the hub'),
      text('role', 'what it takes part as'),
      integer('cycles', 'clearing cycles in which it owed or was owed'),
      maybeText('peak_due_on', 'value date of its largest obligation; none if there was none'),
      real('mean_hours', 'from payment to confirmed settlement, mean by value', 'hours'),
      ...money('settlement', 'currency of the obligations', {
        pays: 'paid to the hub',
        receives: 'received from the hub',
        peak_due: 'largest amount due on one value date',
        open: 'not due before the period’s last clearing day ended',
      }),
    ],
  },
  *rows({ answers, replication }) {
    for (const one of answers.settlement.participants) {
      yield [
        replication,
        one.participant,
        one.role,
        one.cycles,
        one.peakDueOn,
        one.meanHours,
        ...cells(one.currency, [one.paysMinor, one.receivesMinor, one.peakDueMinor, one.openMinor]),
      ];
    }
  },
};

export const netting: AnswerTable = {
  table: {
    id: 'netting',
    means: 'Netting and liquidity by currency, summed over cycles and clearing days.',
    oneRowPer: 'replication and currency',
    columns: [
      REPLICATION,
      integer('legs', 'legs of payments in this currency'),
      real('netting_percent', 'of gross, what netting need not move', '%'),
      real('hub_offset_percent', 'of the hub’s in and out, what cancels in cycles', '%'),
      real('turnover_ratio', 'value settled by liquidity used'),
      maybeText('peak_on', 'clearing day of the largest liquidity'),
      ...money('settlement', 'the currency', {
        gross: 'settled one by one',
        bilateral: 'netted by pairs of participants',
        multilateral: 'netted against the hub',
        hub_in: 'taken in by the hub',
        hub_out: 'paid out by the hub',
        liquidity_lower: 'one net a day: the least liquidity',
        liquidity_used: 'under the scenario’s design',
        liquidity_upper: 'every payment at once: the most liquidity',
        liquidity_peak: 'the largest of a day, under the design',
        hub_liquidity: 'the hub’s own',
      }),
    ],
  },
  *rows({ answers, replication }) {
    for (const one of answers.settlement.currencies) {
      yield [
        replication,
        whole(one.legs),
        one.nettingPercent,
        one.hubOffsetPercent,
        one.turnoverRatio,
        one.liquidityPeakOn,
        ...cells(one.currency, [
          one.grossMinor,
          one.bilateralMinor,
          one.multilateralMinor,
          one.hubInMinor,
          one.hubOutMinor,
          one.liquidityLowerMinor,
          one.liquidityUsedMinor,
          one.liquidityUpperMinor,
          one.liquidityPeakMinor,
          one.hubLiquidityMinor,
        ]),
      ];
    }
  },
};

export const obligations: AnswerTable = {
  table: {
    id: 'obligations',
    means: 'Every amount that settlement makes due, carries on or holds back.',
    oneRowPer: 'replication, cycle and participant that owes or is owed',
    columns: [
      REPLICATION,
      CLEARING_DAY,
      integer('cycle', 'clearing cycle, counted from 0 through the period'),
      text('participant', 'id of the wallet or the acquirer'),
      text('role', 'what it takes part as'),
      text('state', 'due, carried (too small, joins the next), held (cannot be dated), settled'),
      maybeDate('value_date', 'when it is due; none unless it is'),
      ...money('settlement', 'currency of the obligation', {
        own: 'of this cycle; positive: the participant pays the hub',
        carried_in: 'carried from earlier cycles',
        amount: 'both together',
      }),
    ],
  },
  *rows({ world, replication, paths }) {
    const who = participantsOf(world);
    for (const one of paths.obligations) {
      yield [
        replication,
        world.firstDay - 1 + one.clearingDay,
        one.cycle,
        who.ids[one.participant] ?? '',
        who.roles[one.participant] ?? '',
        one.state,
        one.valueDate < 0 ? null : one.valueDate,
        ...moneyCells(world, who.currency[one.participant] ?? 0, [
          one.own,
          one.carriedIn,
          one.minor,
        ]),
      ];
    }
  },
};

export const liquidity: AnswerTable = {
  table: {
    id: 'liquidity',
    means: 'Money needed during each clearing day: the sum of participants’ deepest net debits.',
    oneRowPer: 'replication, clearing day and currency in which something moved',
    columns: [
      REPLICATION,
      CLEARING_DAY,
      ...money('settlement', 'the currency', {
        lower: 'one net at the day’s end: the least',
        used: 'under the scenario’s design',
        upper: 'everything settled in its hour: the most',
        hub: 'the hub’s own, under the design',
      }),
    ],
  },
  *rows({ world, replication, paths }) {
    for (const { clearingDay, currency, lower, used, upper, hub } of paths.liquidity) {
      yield [
        replication,
        world.firstDay - 1 + clearingDay,
        ...moneyCells(world, currency, [lower, used, upper, hub]),
      ];
    }
  },
};

export const exposures: AnswerTable = {
  table: {
    id: 'exposures',
    means: 'What each wallet owes unsettled, against its prefund and its cap.',
    oneRowPer: 'replication, clearing day and wallet',
    columns: [
      REPLICATION,
      CLEARING_DAY,
      text('wallet', 'id of the wallet'),
      ...money('wallet', 'currency of the wallet', {
        peak: 'the most it owed during the day',
        end: 'what it owed at the end of the day',
        prefund: 'cover paid in',
        cap: 'net debit cap, beyond the prefund',
      }),
    ],
  },
  *rows({ world, replication, paths }) {
    const { capMinor, prefundMinor } = world.settlement;
    for (const { clearingDay, wallet, peak, end } of paths.exposures) {
      const its = world.wallets[wallet];
      yield [
        replication,
        world.firstDay - 1 + clearingDay,
        its?.wallet.id ?? '',
        ...moneyCells(world, its?.currency ?? 0, [
          peak,
          end,
          prefundMinor[wallet] ?? 0,
          capMinor[wallet] ?? 0,
        ]),
      ];
    }
  },
};
