import type { Row } from './table-description.js';

/**
 * A table on its way into a file. Rows are taken as they come and leave memory in batches, so that
 * a run of any length can be written while it is played.
 */
export interface TableWriter {
  append(rows: Iterable<Row>): void;
  /** Writes what is left and closes the file. */
  close(): Promise<void>;
}

/** Rows of one batch: large enough for columns to compress, small enough to stay in a cache. */
export const BATCH_ROWS = 8_192;

/** Gathers rows and hands them on by the batch. */
export class RowBatches {
  private rows: Row[] = [];

  constructor(private readonly take: (rows: readonly Row[]) => void) {}

  append(rows: Iterable<Row>): void {
    for (const row of rows) {
      this.rows.push(row);
      if (this.rows.length === BATCH_ROWS) this.flush();
    }
  }

  flush(): void {
    if (this.rows.length === 0) return;
    this.take(this.rows);
    this.rows = [];
  }
}
