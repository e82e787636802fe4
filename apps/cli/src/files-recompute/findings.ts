import type { CellFault } from '#contracts/clearing-files/check-lines';

/** One difference. `line` counts from 1; 0 where the whole file is meant. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly problem: string;
}

/** A broken file has a difference on every line; more than this help nobody. */
const MOST_KEPT = 200;

/** Differences in the order they were found; counted all, kept as far as they are of use. */
export class Findings {
  readonly kept: Finding[] = [];
  count = 0;

  add(file: string, line: number, column: string, problem: string): void {
    this.count += 1;
    if (this.kept.length < MOST_KEPT) this.kept.push({ file, line, column, problem });
  }

  addCells(file: string, line: number, faults: readonly CellFault[]): void {
    for (const { column, says, expected } of faults) {
      this.add(file, line, column, `says ${shown(says)}, computed ${shown(expected)}`);
    }
  }
}

function shown(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, '?');
  if (plain === '') return 'nothing';
  return plain.length > 90 ? `${plain.slice(0, 90)}…` : plain;
}
