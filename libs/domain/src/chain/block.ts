import type { Sha256 } from './entry-digest.js';

/** Entry numbers from `first` to `last`, both included; decimal integers. */
export interface EntryRange {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * A link of the ledger's chain. Entries are numbered before they commit, so a block lists the
 * numbers it holds instead of assuming that they follow on from the last block's: what commits
 * late is in a later block, and every entry is in exactly one.
 */
export interface Block {
  /** 1, 2, 3 … without a gap. */
  readonly no: bigint;
  /** Hash of the block before; `GENESIS` for the first. */
  readonly previous: string;
  /** Ascending, apart from each other. */
  readonly ranges: readonly EntryRange[];
  /** SHA-256 over the 32-byte digests of its entries, one after the other by entry number. */
  readonly content: string;
  /** Microseconds since 1970, as text. */
  readonly sealedAtUs: string;
}

/** What the first block names as the hash before it. */
export const GENESIS = '0'.repeat(64);

const FORMAT = 'wayfare-block-1';

export function blockText(block: Block): string {
  return [
    FORMAT,
    block.no.toString(),
    block.previous,
    rangesText(block.ranges),
    block.content,
    block.sealedAtUs,
  ].join('|');
}

/** The hash of the newest block is the head: it fixes every entry sealed so far. */
export function hashOfBlock(block: Block, sha256: Sha256): string {
  return sha256(blockText(block));
}

/** `1-500,502-502` */
export function rangesText(ranges: readonly EntryRange[]): string {
  return ranges.map(({ first, last }) => `${first.toString()}-${last.toString()}`).join(',');
}

export function sizeOfRanges(ranges: readonly EntryRange[]): bigint {
  return ranges.reduce((size, { first, last }) => size + last - first + 1n, 0n);
}

/** What is wrong with a block's place in the chain, as sentences; none if it fits. */
export function faultsOfLink(
  block: Block & { readonly hash: string },
  before: { readonly no: bigint; readonly hash: string } | undefined,
  sha256: Sha256,
): string[] {
  const faults: string[] = [];
  const due = (before?.no ?? 0n) + 1n;
  if (block.no !== due) faults.push(`block ${due.toString()} should come here`);
  else if (block.previous !== (before?.hash ?? GENESIS)) {
    faults.push('it does not name the hash of the block before it');
  }
  if (hashOfBlock(block, sha256) !== block.hash) faults.push('its hash is not that of its content');
  return faults;
}
