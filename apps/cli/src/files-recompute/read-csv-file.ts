import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { cellsOf } from '#contracts/clearing-files/csv-line';
import {
  DIGEST_COLUMN,
  FILE_SHAPES,
  lineDigestOf,
  type FileShape,
} from '#contracts/clearing-files/file-columns';
import type { CsvKind } from '#contracts/clearing-files/file-names';
import { END_LINE } from '#contracts/clearing-files/transaction-detail';
import type { Findings } from './findings.js';

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface ReadLine {
  readonly no: number;
  readonly cells: Readonly<Record<string, string>>;
}

const MOST_LINE_CHARACTERS = 65_536;
const DIGEST_AT_ONCE = 1_000;
/** Lines whose digest is wrong that are remembered to be named. */
const MOST_BROKEN = 50;

/**
 * Reads one CSV file line by line, in memory that does not grow with it, and keeps what tells
 * whether it is the one that was written: bytes, hash, and a digest of each column.
 */
export class CsvFile {
  readonly name: string;
  summary: ReadLine | null = null;
  lines = 0;
  bytes = 0;
  /** Lines whose own digest does not fit. */
  readonly broken: number[] = [];
  private readonly shape: FileShape;
  private readonly hash = createHash('sha256');
  private readonly columns: ReadonlyMap<string, Hash>;
  private pending: (readonly string[])[] = [];
  private lineNo = 0;
  private ended = false;

  constructor(
    private readonly path: string,
    kind: CsvKind,
    private readonly findings: Findings,
  ) {
    this.name = basename(path);
    this.shape = FILE_SHAPES[kind];
    this.columns = new Map(this.shape.detail.map((column) => [column, createHash('sha256')]));
  }

  /** The detail lines; a line that cannot be read ends them. */
  async *details(): AsyncGenerator<ReadLine> {
    for await (const text of this.texts()) {
      this.lineNo += 1;
      if (this.ended) return void this.fault('1', `nothing follows ${END_LINE}`);
      if (!this.isHeading(this.lineNo)) {
        if (text === END_LINE && this.lineNo > this.headings) {
          this.ended = true;
          continue;
        }
        const isSummary = this.lineNo <= this.headings;
        const columns = isSummary ? (this.shape.summary ?? []) : this.shape.detail;
        const cells = this.cells(text, columns);
        if (cells === null) return;
        const line = { no: this.lineNo, cells };
        if (isSummary) this.summary = line;
        else {
          this.lines += 1;
          yield line;
        }
      } else if (!this.heading(text)) return;
    }
    this.flush();
    if (!this.ended) this.fault('1', `the file ends without ${END_LINE}`);
  }

  /** After the last line: hexadecimal SHA-256 of all bytes, and of each column. */
  digests(): { readonly sha256: string; readonly detail: Readonly<Record<string, string>> } {
    this.flush();
    return {
      sha256: this.hash.digest('hex'),
      detail: Object.fromEntries(
        [...this.columns].map(([column, hash]) => [column, hash.copy().digest('hex')]),
      ),
    };
  }

  /** Lines above the first detail line. */
  private get headings(): number {
    return this.shape.summary === null ? 1 : 3;
  }

  private isHeading(no: number): boolean {
    return no === this.headings || (this.shape.summary !== null && no === 1);
  }

  private heading(text: string): boolean {
    const columns = this.lineNo === this.headings ? this.shape.detail : (this.shape.summary ?? []);
    const found = text.split(',');
    const at = columns.findIndex((column, index) => found[index] !== column);
    if (at === -1 && found.length === columns.length) return true;
    const where = at === -1 ? columns.length : at;
    const wanted = columns[where] ?? 'nothing more';
    this.fault(String(where + 1), `the header must say ${wanted} here`);
    return false;
  }

  private cells(text: string, columns: readonly string[]): Readonly<Record<string, string>> | null {
    const cells = cellsOf(text);
    if (!('map' in cells)) return this.fault(String(cells.column), cells.reason);
    if (cells.length !== columns.length) {
      const at = columns[Math.min(cells.length, columns.length) - 1] ?? '1';
      const counts = `${String(cells.length)} cells, the header ${String(columns.length)}`;
      return this.fault(at, `the line has ${counts}`);
    }
    if (columns.at(-1) === DIGEST_COLUMN) {
      const digest = lineDigestOf(cells.slice(0, -1), sha256Of);
      if (digest !== cells.at(-1) && this.broken.length < MOST_BROKEN) {
        this.broken.push(this.lineNo);
      }
    }
    if (this.lineNo > this.headings) {
      this.pending.push(cells);
      if (this.pending.length >= DIGEST_AT_ONCE) this.flush();
    }
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  }

  private flush(): void {
    for (const [index, column] of this.shape.detail.entries()) {
      const text = this.pending.map((cells) => `${cells[index] ?? ''}\n`).join('');
      this.columns.get(column)?.update(text);
    }
    this.pending = [];
  }

  private async *texts(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let rest = '';
    try {
      for await (const piece of createReadStream(this.path) as AsyncIterable<Buffer>) {
        this.hash.update(piece);
        this.bytes += piece.length;
        const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
        if (rest.length > MOST_LINE_CHARACTERS) {
          this.lineNo += 1;
          return void this.fault('1', 'the line is too long');
        }
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.lineNo += 1;
      return void this.fault('1', 'the file is not UTF-8');
    }
    if (rest !== '') yield rest;
  }

  private fault(column: string, problem: string): null {
    this.findings.add(this.name, this.lineNo, column, problem);
    return null;
  }
}
