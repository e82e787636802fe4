import type { TableDescription } from './table-description.js';
import type { TableWriter } from './table-writer.js';

/** What tables can be written as. The report is no table and has a module of its own. */
export const TABLE_FORMATS = ['csv', 'parquet', 'arrow', 'json'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export type OpenTable = (path: string, table: TableDescription) => TableWriter;

interface Format {
  /** Ending of its files, with the dot. */
  readonly ending: string;
  /** Loads the writer: Arrow alone takes longer to load than a short run to play. */
  readonly load: () => Promise<OpenTable>;
}

export const FORMATS: Readonly<Record<TableFormat, Format>> = {
  csv: { ending: '.csv', load: async () => (await import('./csv-writer.js')).csvWriter },
  parquet: {
    ending: '.parquet',
    load: async () => (await import('./parquet-writer.js')).parquetWriter,
  },
  arrow: { ending: '.arrow', load: async () => (await import('./arrow-writer.js')).arrowWriter },
  json: {
    ending: '.jsonl',
    load: async () => (await import('./json-lines-writer.js')).jsonLinesWriter,
  },
};
