import { OUTCOME, OUTCOMES } from '#simulation/outcomes';
import type { Flow, World } from '#simulation/world';
import { integer, money, real, text, type Row } from '../table-description.js';
import {
  REPLICATION,
  moneyCells,
  whole,
  type Replication,
  type ReplicationTable,
} from './replication.js';

const CORRIDOR = [
  text('origin', 'market the traveller comes from, ISO 3166-1'),
  text('destination', 'market the traveller pays in, ISO 3166-1'),
];

const PURCHASES = integer('purchases', 'purchases a traveller wanted to pay by wallet');

function corridorOf(world: World, flow: Flow): readonly [string, string, number] {
  const destination = world.destinations[flow.destination];
  return [world.origins[flow.origin] ?? '', destination?.market ?? '', destination?.currency ?? 0];
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** What became of everything wanted, by corridor. */
export const corridors: ReplicationTable = {
  table: {
    id: 'corridors',
    means: 'What each corridor came to over the period.',
    oneRowPer: 'replication, origin and destination',
    columns: [
      REPLICATION,
      ...CORRIDOR,
      integer('visitors', 'travellers who arrive in the period: an input, the same every time'),
      PURCHASES,
      integer('payments', 'purchases paid'),
      real('paid_share', 'payments of purchases', 'of 1'),
      ...money('shop', 'currency of the shops', {
        visitor_spend: 'all that these travellers spend there, by whatever means: an input',
        wanted: 'what the purchases came to',
        paid: 'what the payments came to',
      }),
    ],
  },
  *rows(of) {
    const { world, totals, replication } = of;
    for (const [index, flow] of world.flows.entries()) {
      const [origin, destination, currency] = corridorOf(world, flow);
      const start = index * OUTCOMES.length;
      const counts = totals.outcomes.subarray(start, start + OUTCOMES.length);
      const amounts = totals.outcomeMinor.subarray(start, start + OUTCOMES.length);
      const [wanted, paid] = [sum(counts), counts[OUTCOME.paid] ?? 0];
      yield [
        replication,
        origin,
        destination,
        whole(sum(flow.visitors)),
        whole(wanted),
        whole(paid),
        wanted === 0 ? 0 : paid / wanted,
        ...moneyCells(world, currency, [
          sum(flow.spendMinor),
          sum(amounts),
          amounts[OUTCOME.paid] ?? 0,
        ]),
      ];
    }
  },
};

/** Every purchase ends in one outcome, so the shares of a corridor add up to 1. */
export const funnel: ReplicationTable = {
  table: {
    id: 'funnel',
    means: 'How purchases ended, in the order in which it is decided.',
    oneRowPer: 'replication, origin, destination and outcome',
    columns: [
      REPLICATION,
      ...CORRIDOR,
      integer('step', 'place of the outcome in the order of decision; 0 is paid'),
      text('outcome', 'how it ended'),
      PURCHASES,
      real('share', 'of the corridor’s purchases', 'of 1'),
      ...money('shop', 'currency of the shops', { wanted: 'what these purchases came to' }),
    ],
  },
  *rows({ world, totals, replication }) {
    for (const [index, flow] of world.flows.entries()) {
      const [origin, destination, currency] = corridorOf(world, flow);
      const start = index * OUTCOMES.length;
      const all = sum(totals.outcomes.subarray(start, start + OUTCOMES.length));
      for (const [step, outcome] of OUTCOMES.entries()) {
        const count = totals.outcomes[start + step] ?? 0;
        const amount = totals.outcomeMinor[start + step] ?? 0;
        yield [
          replication,
          origin,
          destination,
          step,
          outcome,
          whole(count),
          all === 0 ? 0 : count / all,
          ...moneyCells(world, currency, [amount]),
        ];
      }
    }
  },
};

export const categories: ReplicationTable = {
  table: {
    id: 'categories',
    means: 'Payments by kind of shop.',
    oneRowPer: 'replication, origin, destination and category that had a payment',
    columns: [
      REPLICATION,
      ...CORRIDOR,
      text('category', 'kind of shop'),
      text('mcc', 'merchant category code, ISO 18245'),
      text('spend', 'category of visitor surveys it belongs to'),
      integer('payments', 'purchases paid'),
      ...money('shop', 'currency of the shops', { paid: 'what they came to' }),
    ],
  },
  *rows(of) {
    for (const [index, flow] of of.world.flows.entries()) yield* categoryRows(of, index, flow);
  },
};

function* categoryRows(of: Replication, index: number, flow: Flow): Iterable<Row> {
  const { world, totals, replication } = of;
  const [origin, destination, currency] = corridorOf(world, flow);
  for (const [place, { id, mcc, spend }] of world.categories.entries()) {
    const cell = index * world.categories.length + place;
    const count = whole(totals.categoryCount[cell] ?? 0);
    if (count === 0) continue;
    yield [
      replication,
      origin,
      destination,
      id,
      mcc,
      spend,
      count,
      ...moneyCells(world, currency, [totals.categoryMinor[cell] ?? 0]),
    ];
  }
}

export const areas: ReplicationTable = {
  table: {
    id: 'areas',
    means: 'Payments by place, all origins together.',
    oneRowPer: 'replication and area that had a payment',
    columns: [
      REPLICATION,
      text('area', 'ISO 3166-2 of a prefecture, or the code of a whole market'),
      text('area_name', 'its name'),
      text('destination', 'market it lies in, ISO 3166-1'),
      integer('payments', 'purchases paid'),
      ...money('shop', 'currency of the shops', { paid: 'what they came to' }),
    ],
  },
  *rows({ world, totals, replication }) {
    for (const [index, area] of world.areas.entries()) {
      const count = whole(totals.areaCount[index] ?? 0);
      if (count === 0) continue;
      const destination = world.destinations[area.destination];
      yield [
        replication,
        area.id,
        area.name,
        destination?.market ?? '',
        count,
        ...moneyCells(world, destination?.currency ?? 0, [totals.areaMinor[index] ?? 0]),
      ];
    }
  },
};
