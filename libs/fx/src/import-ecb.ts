import type { EntityManager } from 'typeorm';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { parseEcbHistory } from './ecb-history.js';
import { commitRates, removeRates, type RateFigure } from './rates.repository.js';

/** The whole history since 1999 is about 1.5 MB. */
const MAX_FILE_CHARACTERS = 32_000_000;

export interface EcbImport {
  readonly days: number;
  readonly oldest: string;
  readonly newest: string;
  /** Figures read; of them `added` were new and `corrected` had another rate before. */
  readonly figures: number;
  readonly added: number;
  readonly corrected: number;
  readonly unchanged: number;
  /** Cells without a figure (`N/A`). */
  readonly gaps: number;
  readonly unknownColumns: readonly string[];
}

/**
 * Imports the ECB's history file as the series `ecb-import`, which from then on is used instead
 * of shipped figures and ages. The whole file is checked before anything is written: a rejection
 * (PARAM_ILLEGAL, field `line 7, column JPY`) leaves the database as it was. Importing the same
 * file again changes nothing.
 *
 * @param tx a transaction of the caller, so that all of it is stored or none
 * @param input the CSV's text, or its pieces
 */
export async function importEcb(
  tx: EntityManager,
  input: string | AsyncIterable<string | Uint8Array>,
  nowMs: number = Date.now(),
): Promise<Outcome<EcbImport>> {
  const text = await textOf(input);
  if (!text.ok) return text;
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const parsed = parseEcbHistory(text.value, today);
  if (!parsed.ok) return parsed;
  const { figures, gaps, unknownColumns, newest, oldest, days } = parsed.value;
  const stored = figures.map((figure): RateFigure => ({
    ...figure,
    base: 'EUR',
    source: 'ECB euro reference rates, imported',
    quality: 'measured',
  }));
  const { added, corrected } = await commitRates(tx, 'ecb-import', stored, nowMs);
  return accepted({
    days,
    oldest,
    newest,
    figures: figures.length,
    added,
    corrected,
    unchanged: figures.length - added - corrected,
    gaps,
    unknownColumns,
  });
}

/**
 * Takes an import back: the shipped figures are in force again, pinned to their day. Quotes that
 * were locked keep their price.
 *
 * @returns how many imported figures were dropped
 */
export async function forgetImported(
  tx: EntityManager,
  nowMs: number = Date.now(),
): Promise<number> {
  return removeRates(tx, 'ecb-import', nowMs);
}

async function textOf(
  input: string | AsyncIterable<string | Uint8Array>,
): Promise<Outcome<string>> {
  if (typeof input === 'string') {
    return input.length > MAX_FILE_CHARACTERS ? tooLarge() : accepted(input);
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of input) {
    text += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    if (text.length > MAX_FILE_CHARACTERS) return tooLarge();
  }
  return accepted(text + decoder.decode());
}

function tooLarge(): Outcome<never> {
  return rejected(
    'PARAM_ILLEGAL',
    'The file is far larger than the ECB history; nothing was imported.',
  );
}
