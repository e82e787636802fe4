import type { TableDescription } from './table-description.js';
import * as flow from './tables/flow-tables.js';
import { headlinesTable, replicationsTable } from './tables/headline-tables.js';
import * as moneyTables from './tables/money-tables.js';
import type { ReplicationTable } from './tables/replication.js';
import * as settlement from './tables/settlement-tables.js';
import type { AnswerTable } from './tables/settlement-tables.js';

/** Tables counted from each replication's totals. */
export const REPLICATION_TABLES: readonly ReplicationTable[] = [
  flow.corridors,
  moneyTables.daily,
  moneyTables.wallets,
  moneyTables.acquirers,
  flow.categories,
  flow.areas,
  flow.funnel,
];

/** Tables worked out of each replication's answers. */
export const ANSWER_TABLES: readonly AnswerTable[] = [
  settlement.participants,
  settlement.obligations,
  settlement.netting,
  settlement.liquidity,
  settlement.exposures,
];

/** Every table of a run, in the order in which one reads them. */
export const TABLES: readonly TableDescription[] = [
  headlinesTable,
  replicationsTable,
  ...REPLICATION_TABLES.map(({ table }) => table),
  ...ANSWER_TABLES.map(({ table }) => table),
];

/** What `dictionary.json` of a run holds: how to read every column of every table. */
export function dictionaryText(): string {
  const conventions = {
    money:
      'whole minor units in *_minor; the currency and its decimals stand in the nearest ' +
      '*_currency and *_exponent columns to the left',
    dates: 'ISO 8601; a clearing day runs 00:00 to 24:00 at UTC+8',
    replications: 'counted from 0; means over them are the figures of the run',
    fluid:
      'a run of the fluid kernel has expected values, rounded to whole units in integer columns',
  };
  return `${JSON.stringify({ wayfareDictionary: 1, conventions, tables: TABLES }, null, 2)}\n`;
}
