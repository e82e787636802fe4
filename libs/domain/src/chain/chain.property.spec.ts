/*
 * Goal: two entries that differ anywhere have different texts, the chain's links convict a block
 * that was changed, moved or left out, and a changed line is told by its mark. Method: generated
 * entries and one generated change each, with a real SHA-256; no expected hash is copied.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { contentHashOf, type ContentEntry } from './content-hash.js';
import {
  faultsOfLink,
  GENESIS,
  hashOfBlock,
  rangesText,
  sizeOfRanges,
  type Block,
} from './block.js';
import { digestOfEntry, entryText, markOfLine, type SealedEntry } from './entry-digest.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const word = fc.stringMatching(/^[a-z0-9_:]{1,20}$/);
const number = fc.bigInt({ min: 1n, max: 9_000_000_000_000_000_000n });
const amount = fc
  .bigInt({ min: -9_000_000_000_000_000_000n, max: 9_000_000_000_000_000_000n })
  .filter((minor) => minor !== 0n);

const entryCase: fc.Arbitrary<SealedEntry> = fc
  .record({
    entryNo: number.map(String),
    id: word,
    event: word,
    kind: word,
    paymentId: fc.option(word),
    cycleId: word,
    traceId: fc.option(word),
    stagedAtUs: number.map(String),
    postedAtUs: number.map(String),
    batchNo: number.map(String),
    lines: fc.array(fc.record({ accountId: fc.integer({ min: 1, max: 9_999 }), minor: amount }), {
      minLength: 2,
      maxLength: 12,
    }),
  })
  .map(({ lines, ...head }) => ({
    ...head,
    lineCount: lines.length,
    lines: lines.map(({ accountId, minor }, index) => ({
      lineNo: index + 1,
      accountId,
      accountName: `owner${String(accountId)}|rounding|JPY|`,
      minor: minor.toString(),
    })),
  }));

describe('the digest of an entry', () => {
  const CHANGES: Record<string, (entry: SealedEntry) => SealedEntry> = {
    number: (entry) => ({ ...entry, entryNo: `${entry.entryNo}1` }),
    id: (entry) => ({ ...entry, id: `${entry.id}x` }),
    event: (entry) => ({ ...entry, event: `${entry.event}x` }),
    kind: (entry) => ({ ...entry, kind: `${entry.kind}x` }),
    payment: (entry) => ({ ...entry, paymentId: `${entry.paymentId ?? ''}x` }),
    cycle: (entry) => ({ ...entry, cycleId: `${entry.cycleId}x` }),
    trace: (entry) => ({ ...entry, traceId: `${entry.traceId ?? ''}x` }),
    staged: (entry) => ({ ...entry, stagedAtUs: `${entry.stagedAtUs}1` }),
    posted: (entry) => ({ ...entry, postedAtUs: `${entry.postedAtUs}1` }),
    batch: (entry) => ({ ...entry, batchNo: `${entry.batchNo}1` }),
    'line left out': (entry) => ({ ...entry, lines: entry.lines.slice(1) }),
    amount: (entry) => changeLine(entry, (line) => ({ ...line, minor: `${line.minor}0` })),
    account: (entry) => changeLine(entry, (line) => ({ ...line, accountName: 'x|y|JPY|' })),
    'two fields that trade a character': (entry) => ({
      ...entry,
      id: entry.id.slice(0, -1),
      event: entry.id.slice(-1) + entry.event,
    }),
  };

  it.each(Object.keys(CHANGES))('changes with its %s', (what) => {
    fc.assert(
      fc.property(entryCase, (entry) => {
        const changed = CHANGES[what]?.(entry) ?? entry;
        expect(entryText(changed)).not.toBe(entryText(entry));
        expect(digestOfEntry(changed, sha256)).not.toBe(digestOfEntry(entry, sha256));
      }),
      { numRuns: 50 },
    );
  });

  it('marks a line whose amount changed by anything less than two thousand million', () => {
    const step = fc.bigInt({ min: 1n, max: 2_000_000_000n });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), amount, step, (account, minor, by) => {
        const mark = markOfLine(account, minor.toString());
        expect(Math.abs(mark)).toBeLessThan(2 ** 31);
        const same = minor < 0n === minor + by < 0n;
        fc.pre(same);
        expect(markOfLine(account, (minor + by).toString())).not.toBe(mark);
        expect(markOfLine(account + 1, minor.toString())).not.toBe(mark);
      }),
    );
  });
});

function changeLine(
  entry: SealedEntry,
  change: (line: SealedEntry['lines'][number]) => SealedEntry['lines'][number],
): SealedEntry {
  return { ...entry, lines: entry.lines.map((line, i) => (i === 1 ? change(line) : line)) };
}

type Hashed = Block & { readonly hash: string };

function chainOf(contents: readonly string[]): Hashed[] {
  const chain: Hashed[] = [];
  for (const [index, text] of contents.entries()) {
    const block: Block = {
      no: BigInt(index + 1),
      previous: chain.at(-1)?.hash ?? GENESIS,
      ranges: [{ first: BigInt(index * 10), last: BigInt(index * 10 + 4) }],
      content: sha256(text),
      sealedAtUs: String(1_000 + index),
    };
    chain.push({ ...block, hash: hashOfBlock(block, sha256) });
  }
  return chain;
}

function faultsOf(chain: readonly Hashed[]): string[] {
  return chain.flatMap((block, i) => faultsOfLink(block, chain[i - 1], sha256));
}

describe('the chain', () => {
  const contents = fc.array(word, { minLength: 3, maxLength: 8 });

  it('has no fault as it was made', () => {
    fc.assert(fc.property(contents, (texts) => expect(faultsOf(chainOf(texts))).toEqual([])));
  });

  it('convicts a block whose content was changed, even with a hash made to fit', () => {
    fc.assert(
      fc.property(contents, fc.nat(), (texts, pick) => {
        const chain = chainOf(texts);
        const at = pick % (chain.length - 1);
        const block = chain[at];
        if (block === undefined) throw new Error('no block');
        const changed = { ...block, content: sha256('another') };
        const blunt = chain.map((other, i) => (i === at ? changed : other));
        expect(faultsOf(blunt)).toHaveLength(1);
        const fitting = { ...changed, hash: hashOfBlock(changed, sha256) };
        const sly = chain.map((other, i) => (i === at ? fitting : other));
        expect(faultsOf(sly)).toEqual(['it does not name the hash of the block before it']);
      }),
    );
  });

  it('misses a block that was left out, and notices two that changed places', () => {
    fc.assert(
      fc.property(contents, fc.nat(), (texts, pick) => {
        const chain = chainOf(texts);
        const at = pick % (chain.length - 1);
        expect(faultsOf(chain.filter((_, i) => i !== at)).length).toBeGreaterThan(0);
        const swapped = chain.map((block, i) =>
          i === at ? (chain[i + 1] ?? block) : i === at + 1 ? (chain[at] ?? block) : block,
        );
        expect(faultsOf(swapped).length).toBeGreaterThan(1);
      }),
    );
  });

  it('counts and writes ranges', () => {
    const ranges = [
      { first: 1n, last: 3n },
      { first: 7n, last: 7n },
    ];
    expect(sizeOfRanges(ranges)).toBe(4n);
    expect(rangesText(ranges)).toBe('1-3,7-7');
  });
});

describe('the content hash', () => {
  const line = fc.record({
    account: fc.record({
      owner: word,
      kind: fc.constantFrom('rounding' as const, 'fxMargin' as const),
      currency: fc.constantFrom('JPY', 'THB'),
    }),
    minor: amount,
  });
  const entries: fc.Arbitrary<ContentEntry[]> = fc.array(
    fc.record({ subject: word, kind: word, lines: fc.array(line, { minLength: 2, maxLength: 5 }) }),
    { minLength: 1, maxLength: 8 },
  );

  it('is the same in any order of entries and lines', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const other = list.map((entry) => ({ ...entry, lines: [...entry.lines].reverse() }));
        expect(contentHashOf(other.reverse(), sha256)).toBe(contentHashOf(list, sha256));
      }),
    );
  });

  it('differs when an entry is missing, doubled or off by one minor unit', () => {
    fc.assert(
      fc.property(entries, ([first, ...rest]) => {
        if (first === undefined) throw new Error('no entry');
        const whole = contentHashOf([first, ...rest], sha256);
        expect(contentHashOf(rest, sha256)).not.toBe(whole);
        expect(contentHashOf([first, first, ...rest], sha256)).not.toBe(whole);
        const off = {
          ...first,
          lines: first.lines.map((l, i) => (i === 0 ? { ...l, minor: l.minor + 1n } : l)),
        };
        expect(contentHashOf([off, ...rest], sha256)).not.toBe(whole);
      }),
    );
  });
});
