/**
 * The digest of a journal entry, so that a stranger with the rows and SHA-256 can recompute it.
 *
 * It covers the entry as it stands in the books: ids, amounts, the names of its accounts and its
 * times. Nothing of a payer is among them, so that a payer's data can be erased without breaking
 * a digest (docs/ledger-proof.md). No field holds `|` or a line feed when it is digested, and the
 * number of fields is fixed, so two different entries never have the same text.
 */

/** An entry as the books hold it. Times are microseconds since 1970, as text. */
export interface SealedEntry {
  readonly entryNo: string;
  readonly id: string;
  readonly event: string;
  readonly kind: string;
  readonly paymentId: string | null;
  readonly cycleId: string;
  readonly traceId: string | null;
  readonly stagedAtUs: string;
  readonly postedAtUs: string;
  readonly batchNo: string;
  readonly lineCount: number;
  readonly lines: readonly SealedLine[];
}

/** One line; `minor` is a decimal integer, debit positive. */
export interface SealedLine {
  readonly lineNo: number;
  readonly accountId: number;
  /** `owner|kind|currency|of`, the last one empty where there is none. */
  readonly accountName: string;
  readonly minor: string;
}

/** From text to 64 lower-case hexadecimal digits; enters as an argument, the domain has no crypto. */
export type Sha256 = (text: string) => string;

/** Changes when the text does, so that an old ledger stays checkable. */
const FORMAT = 'wayfare-entry-1';

/** What is digested: one line of text about the entry, then one for each of its lines. */
export function entryText(entry: SealedEntry): string {
  const head = [
    FORMAT,
    entry.entryNo,
    entry.id,
    entry.event,
    entry.kind,
    entry.paymentId ?? '',
    entry.cycleId,
    entry.traceId ?? '',
    entry.stagedAtUs,
    entry.postedAtUs,
    entry.batchNo,
    String(entry.lineCount),
  ].join('|');
  const lines = entry.lines.map(
    (line) => `${String(line.lineNo)}|${line.accountName}|${line.minor}`,
  );
  return [head, ...lines].join('\n');
}

export function digestOfEntry(entry: SealedEntry, sha256: Sha256): string {
  return sha256(entryText(entry));
}

const MARK_MODULUS = 2_147_483_647n;

/**
 * A small number kept for each line beside the entry's digest. It proves nothing; when a digest
 * no longer fits, it tells which line was changed.
 *
 * @param minor a decimal integer
 */
export function markOfLine(accountId: number, minor: string): number {
  const amount = (BigInt(minor) % MARK_MODULUS) * 31n;
  return Number((amount + BigInt(accountId) * 1_000_003n) % MARK_MODULUS);
}
