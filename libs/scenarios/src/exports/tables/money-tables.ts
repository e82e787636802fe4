import { MONEY, MONEY_COLUMNS, type MoneyColumn } from '#simulation/totals';
import { date, integer, money, text, type Cell, type Column } from '../table-description.js';
import {
  REPLICATION,
  moneyCells,
  whole,
  type Replication,
  type ReplicationTable,
} from './replication.js';

/** Money columns by the currency they are in, named as files name them. */
const SHOP = {
  paid: ['paymentMinor', 'what the shops were paid'],
  mdr: ['mdrMinor', 'what the shops pay their acquirer: a memo, the hub never sees it'],
} as const;
const WALLET = {
  pay_to: ['payToMinor', 'what the wallet owes for the payments, at the payers’ rates'],
  interchange_credited: ['interchangeCreditedMinor', 'interchange credited to the wallet'],
  scheme_fee_wallet: ['schemeFeeWalletMinor', 'scheme fee of the wallet'],
  fx_margin: ['fxMarginMinor', 'of pay_to, mark-up over mid'],
  interchange_margin: [
    'interchangeMarginMinor',
    'mark-up on interchange, which the hub gives back',
  ],
  wallet_owes: ['walletOwesMinor', 'pay_to and scheme fee less interchange'],
} as const;
const SETTLEMENT = {
  settlement: ['settlementMinor', 'what the hub owes the acquirer for the payments'],
  interchange_charged: ['interchangeChargedMinor', 'interchange charged to the acquirer'],
  scheme_fee_acquirer: ['schemeFeeAcquirerMinor', 'scheme fee of the acquirer'],
  acquirer_receives: ['acquirerReceivesMinor', 'settlement less interchange and scheme fee'],
} as const;

type Group = Readonly<Record<string, readonly [MoneyColumn, string]>>;

const meanings = (group: Group): Record<string, string> =>
  Object.fromEntries(Object.entries(group).map(([name, [, means]]) => [name, means]));

const REFUNDED = 'of what was paid, refunded sooner or later';
const PAYMENTS = integer('payments', 'purchases paid');
const shopColumns = (): readonly Column[] =>
  money('shop', 'currency of the shops', { ...meanings(SHOP), refunded: REFUNDED });
const walletColumns = (): readonly Column[] =>
  money('wallet', 'currency of the wallet', meanings(WALLET));
const settlementColumns = (): readonly Column[] =>
  money('settlement', 'currency the acquirer is settled in', meanings(SETTLEMENT));

/** The money columns of some clearing days and pairs, added up; the last is what is refunded. */
type Sums = Float64Array;

function newSums(): Sums {
  return new Float64Array(MONEY_COLUMNS.length + 1);
}

function add(sums: Sums, { totals }: Replication, day: number, pair: number): void {
  const cell = day * totals.pairs.length + pair;
  for (let column = 0; column < MONEY_COLUMNS.length; column++) {
    const value = totals.money[cell * MONEY_COLUMNS.length + column] ?? 0;
    sums[column] = (sums[column] ?? 0) + value;
  }
  const last = MONEY_COLUMNS.length;
  sums[last] = (sums[last] ?? 0) + (totals.refundedMinor[cell] ?? 0);
}

const of = (sums: Sums, group: Group): number[] =>
  Object.values(group).map(([column]) => sums[MONEY[column]] ?? 0);
const paymentsOf = (sums: Sums): number => whole(sums[MONEY.payments] ?? 0);
const shopCells = (sums: Sums): number[] => [...of(sums, SHOP), sums[MONEY_COLUMNS.length] ?? 0];

const clearingDays = ({ totals }: Replication): number => totals.clearingHours / 24;

/** Currencies of an acquirer: its shops' and its own. */
function currenciesOf({ world }: Replication, acquirer: number): readonly [number, number] {
  const its = world.acquirers[acquirer];
  const destination = world.destinations[its?.destination ?? 0];
  return [destination?.currency ?? 0, its?.currency ?? 0];
}

export const daily: ReplicationTable = {
  table: {
    id: 'daily',
    means: 'Every money column of each clearing day, wallet and acquirer.',
    oneRowPer: 'replication, clearing day, wallet and acquirer that had a payment',
    columns: [
      REPLICATION,
      date('clearing_day', 'clearing day, 00:00 to 24:00 at UTC+8'),
      text('wallet', 'id of the wallet'),
      text('acquirer', 'id of the acquirer'),
      PAYMENTS,
      ...shopColumns(),
      ...walletColumns(),
      ...settlementColumns(),
    ],
  },
  *rows(replication) {
    const { world, totals } = replication;
    for (let day = 0; day < clearingDays(replication); day++) {
      for (const [index, pair] of totals.pairs.entries()) {
        const sums = newSums();
        add(sums, replication, day, index);
        if (paymentsOf(sums) === 0) continue;
        const wallet = world.wallets[pair.wallet];
        const [shop, settlement] = currenciesOf(replication, pair.acquirer);
        yield [
          replication.replication,
          // Clearing hours begin a day before the period does.
          world.firstDay - 1 + day,
          wallet?.wallet.id ?? '',
          world.acquirers[pair.acquirer]?.acquirer.id ?? '',
          paymentsOf(sums),
          ...moneyCells(world, shop, shopCells(sums)),
          ...moneyCells(world, wallet?.currency ?? 0, of(sums, WALLET)),
          ...moneyCells(world, settlement, of(sums, SETTLEMENT)),
        ];
      }
    }
  },
};

export const wallets: ReplicationTable = {
  table: {
    id: 'wallets',
    means: 'What each wallet’s users paid, and what it owes and earns, over the period.',
    oneRowPer: 'replication and wallet',
    columns: [
      REPLICATION,
      text('wallet', 'id of the wallet'),
      text('wallet_name', 'its name'),
      text('origin', 'its home market, ISO 3166-1'),
      PAYMENTS,
      ...walletColumns(),
    ],
  },
  *rows(replication) {
    const { world } = replication;
    for (const [index, { wallet, origin, currency }] of world.wallets.entries()) {
      const sums = sumsWhere(replication, (pair) => pair.wallet === index);
      const home = world.origins[origin] ?? '';
      const who: readonly Cell[] = [replication.replication, wallet.id, wallet.name, home];
      yield [...who, paymentsOf(sums), ...moneyCells(world, currency, of(sums, WALLET))];
    }
  },
};

export const acquirers: ReplicationTable = {
  table: {
    id: 'acquirers',
    means: 'What each acquirer’s shops were paid, and what it receives and pays, over the period.',
    oneRowPer: 'replication and acquirer',
    columns: [
      REPLICATION,
      text('acquirer', 'id of the acquirer'),
      text('acquirer_name', 'its name'),
      text('destination', 'its market, ISO 3166-1'),
      PAYMENTS,
      ...shopColumns(),
      ...settlementColumns(),
    ],
  },
  *rows(replication) {
    const { world } = replication;
    for (const [index, { acquirer, destination }] of world.acquirers.entries()) {
      const sums = sumsWhere(replication, (pair) => pair.acquirer === index);
      const [shop, settlement] = currenciesOf(replication, index);
      yield [
        replication.replication,
        acquirer.id,
        acquirer.name,
        world.destinations[destination]?.market ?? '',
        paymentsOf(sums),
        ...moneyCells(world, shop, shopCells(sums)),
        ...moneyCells(world, settlement, of(sums, SETTLEMENT)),
      ];
    }
  },
};

function sumsWhere(
  replication: Replication,
  chosen: (pair: { readonly wallet: number; readonly acquirer: number }) => boolean,
): Sums {
  const sums = newSums();
  for (const [index, pair] of replication.totals.pairs.entries()) {
    if (!chosen(pair)) continue;
    for (let day = 0; day < clearingDays(replication); day++) add(sums, replication, day, index);
  }
  return sums;
}
