import { createHash, type Hash } from 'node:crypto';
import { csvLine } from '#contracts/clearing-files/csv-line';
import {
  cellsInOrder,
  fileHead,
  FILE_FOOT,
  FILE_SHAPES,
  type FileShape,
} from '#contracts/clearing-files/file-columns';
import type { CsvKind } from '#contracts/clearing-files/file-names';
import type { FileManifest } from '#contracts/clearing-files/manifest';
import { FileDraft } from './file-draft.js';

type NamedCells = Readonly<Record<string, string>>;

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A CSV file in the making: lines are digested by column as they pass and never kept. */
export class CsvDraft {
  readonly draft: FileDraft;
  private readonly shape: FileShape;
  private readonly columns: ReadonlyMap<string, Hash>;
  private lines = 0;

  constructor(folder: string, name: string, kind: CsvKind) {
    this.draft = new FileDraft(folder, name);
    this.shape = FILE_SHAPES[kind];
    this.columns = new Map(this.shape.detail.map((column) => [column, createHash('sha256')]));
  }

  async add(lines: readonly NamedCells[]): Promise<void> {
    if (lines.length === 0) return;
    const cells = lines.map((line) => cellsInOrder(this.shape.detail, line, sha256Of));
    for (const [index, column] of this.shape.detail.entries()) {
      const text = cells.map((line) => `${line[index] ?? ''}\n`).join('');
      this.columns.get(column)?.update(text);
    }
    this.lines += lines.length;
    await this.draft.append(cells.map((line) => `${csvLine(line)}\n`).join(''));
  }

  /** @param summary null for a file without a summary section */
  async complete(summary: NamedCells | null): Promise<FileManifest['files'][number]> {
    const { shape } = this;
    const above =
      shape.summary === null || summary === null
        ? null
        : cellsInOrder(shape.summary, summary, sha256Of);
    const stored = await this.draft.complete(fileHead(shape, above), FILE_FOOT);
    return {
      name: this.draft.name,
      ...stored,
      lines: this.lines,
      columns: {
        summary: Object.fromEntries(
          (above === null ? [] : (shape.summary ?? [])).map((column, index) => [
            column,
            sha256Of(`${above?.[index] ?? ''}\n`),
          ]),
        ),
        detail: Object.fromEntries(
          [...this.columns].map(([column, hash]) => [column, hash.digest('hex')]),
        ),
      },
    };
  }
}
