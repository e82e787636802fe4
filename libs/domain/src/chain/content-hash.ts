import type { AccountRef } from '../journal.js';
import type { Sha256 } from './entry-digest.js';

/**
 * The content of a ledger, freed from everything that differs between two runs of the same
 * business: generated ids, times, numbers and order. Two ledgers with the same content hash say
 * the same about money, whatever crashed on the way.
 */
export interface ContentEntry {
  /** What the participant asked for: `<acquirer id>|<its request id>`, or `-` where nobody asked. */
  readonly subject: string;
  readonly kind: string;
  readonly lines: readonly { readonly account: AccountRef; readonly minor: bigint }[];
}

/** One entry as text: subject and kind, then its lines in the order of their bytes. */
export function contentText(entry: ContentEntry): string {
  const lines = entry.lines
    .map(({ account, minor }) => {
      const { owner, kind, currency, of } = account;
      return `${owner}|${kind}|${currency}|${of ?? ''}|${minor.toString()}`;
    })
    .sort(byBytes);
  return [`${entry.subject}|${entry.kind}`, ...lines].join('\n');
}

/** SHA-256 over the sorted hashes of all entries, one a line. */
export function contentHashOf(entries: Iterable<ContentEntry>, sha256: Sha256): string {
  const hashes = [...entries].map((entry) => sha256(contentText(entry)));
  return sha256(hashes.sort(byBytes).join('\n'));
}

/** As PostgreSQL's "C" collation; the texts are ASCII. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
