import { currencyOf } from '#domain/currency';
import type { Answers } from '#simulation/answers/answers';
import {
  integer,
  maybeText,
  money,
  real,
  text,
  type Row,
  type TableDescription,
} from '../table-description.js';
import { REPLICATION, whole } from './replication.js';

/** A table made of the answers of each replication. */
export interface AnswerTable {
  readonly table: TableDescription;
  readonly rows: (answers: Answers, replication: number) => Iterable<Row>;
}

const cells = (currency: string, amounts: readonly number[]): Row => [
  currency,
  currencyOf(currency).exponent,
  ...amounts.map(whole),
];

export const obligations: AnswerTable = {
  table: {
    id: 'obligations',
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
  *rows({ settlement }, replication) {
    for (const one of settlement.participants) {
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

export const liquidity: AnswerTable = {
  table: {
    id: 'liquidity',
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
  *rows({ settlement }, replication) {
    for (const one of settlement.currencies) {
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

export const exposures: AnswerTable = {
  table: {
    id: 'exposures',
    means: 'How much each wallet owed unsettled, against its prefund and its cap.',
    oneRowPer: 'replication and wallet',
    columns: [
      REPLICATION,
      text('wallet', 'id of the wallet'),
      maybeText('peak_at', 'hour of the peak, UTC; none if it never owed anything'),
      real('peak_percent', 'peak of cap and prefund together', '%'),
      integer('hours_beyond_prefund', 'hours in which it owed more than its prefund'),
      integer('hours_beyond_cap', 'hours in which it owed more than prefund and cap'),
      ...money('wallet', 'currency of the wallet', {
        cap: 'net debit cap',
        prefund: 'cover paid in',
        peak: 'largest exposure, before the prefund is taken off',
        mean: 'mean exposure over all hours',
        open: 'unsettled when the period ends',
      }),
    ],
  },
  *rows({ wallets }, replication) {
    for (const { wallet, currency, exposure } of wallets) {
      yield [
        replication,
        wallet,
        exposure.peakAt,
        exposure.peakPercent,
        exposure.hoursBeyondPrefund,
        exposure.hoursBeyondCap,
        ...cells(currency, [
          exposure.capMinor,
          exposure.prefundMinor,
          exposure.peakMinor,
          exposure.meanMinor,
          exposure.openMinor,
        ]),
      ];
    }
  },
};
