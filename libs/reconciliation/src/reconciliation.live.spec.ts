/*
 * Goal: partners' files land in any order, in parts, late, twice and corrected, and afterwards the
 * list of breaks says exactly what is wrong.
 * Method: a day of payments and refunds in a real database; files are made from the hub's books by
 * the rule of the contract, then bent by hand at one place each.
 */
import {
  detailFileText,
  detailFileName,
  type DetailLine,
} from '#contracts/clearing-files/transaction-detail';
import type { Side } from '#domain/reconciliation/break-types';
import type { Payment } from '#domain/payments/payment';
import { seededIds } from '#platform/id-source';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { CASE_NOW_MS } from '#testkit/payment-cases';
import {
  clearedPayment,
  insertClearedRefund,
  numberReconDay,
  openReconDay,
  RECON_CYCLE,
} from '#testkit/recon-cases';
import { listBreakEvents, listBreaks, type ReconBreak } from './break-repository.js';
import { loadDetailFile, type LoadReport } from './load-file.js';
import { matchCycle } from './match-cycle.js';
import { partnerSets, type PartnerSet } from './partner-files.js';

const NOW_MS = CASE_NOW_MS + 86_400_000;
const NEXT_CYCLE = 'cyc_20261122';
const WALLET = 'truemoney';
const ACQUIRER = 'acq_kamogawa';

let db: TestDatabase;
let ids = seededIds(1);
let sets: Record<Side, PartnerSet>;
let payments: Payment[];
let refundId: string;

beforeEach(async () => {
  db = await openTestDatabase();
  ids = seededIds(1);
  payments = [100n, 1_200n, 3_450n, 777n, 98_765n, 1_200n].map((minor, n) =>
    clearedPayment(n + 1, minor),
  );
  const { manager } = db.dataSource;
  await openReconDay(manager, [...payments, clearedPayment(9, 5_000n, NEXT_CYCLE)]);
  const [, , third] = payments;
  if (third === undefined) throw new Error('no third payment');
  refundId = await insertClearedRefund(manager, {
    n: 50,
    payment: third,
    refundMinor: 450n,
    refundFromMinor: 9_120n,
    settlementMinor: 450n,
    walletCreditMinor: 9_047n,
    acquirerDebitMinor: 446n,
  });
  await numberReconDay(manager, 7);
  sets = await db.dataSource.transaction(async (tx) => {
    const found: Partial<Record<Side, PartnerSet>> = {};
    for await (const set of partnerSets(tx, RECON_CYCLE)) found[set.side] = set;
    return found as Record<Side, PartnerSet>;
  });
});
afterEach(() => db.close());

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  // Odd pieces: a line and even a character may be cut anywhere.
  for (let at = 0; at < bytes.length; at += 333) {
    yield await Promise.resolve(bytes.subarray(at, at + 333));
  }
}

interface Sending {
  readonly lines?: readonly DetailLine[];
  readonly seq?: number;
  readonly parts?: number;
  readonly cycle?: `cyc_${string}`;
}

function fileOf(side: Side, sending: Sending = {}): { name: string; text: string } {
  const { participantId, currency, lines } = sets[side];
  const name = detailFileName({
    participantId,
    settlementCurrency: currency,
    clearingBatchId: sending.cycle ?? RECON_CYCLE,
    participantAgreementId: 'standard',
    seq: sending.seq ?? 0,
  });
  return { name, text: detailFileText(sending.lines ?? lines, currency, sending.parts ?? 1) };
}

async function loadText(name: string, text: string): ReturnType<typeof loadDetailFile> {
  return loadDetailFile(db.dataSource, name, piecesOf(text), {
    nowMs: NOW_MS,
    actor: 'test',
    ids,
  });
}

async function send(side: Side, sending: Sending = {}): Promise<LoadReport> {
  const { name, text } = fileOf(side, sending);
  const outcome = await loadText(name, text);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

async function live(): Promise<ReconBreak[]> {
  return listBreaks(db.dataSource.manager, { live: true, limit: 1_000 });
}

async function liveText(): Promise<string[]> {
  const breaks = await live();
  return breaks.map((item) => `${item.type} ${item.participantId} ${item.subjectId}`).sort();
}

/** The set's lines with the one of a subject changed, or dropped by null. */
function bend(side: Side, subjectId: string, change: Partial<DetailLine> | null): DetailLine[] {
  const { lines } = sets[side];
  expect(lines.filter((line) => line.transactionId === subjectId)).toHaveLength(1);
  return lines.flatMap((line) => {
    if (line.transactionId !== subjectId) return [line];
    return change === null ? [] : [{ ...line, ...change }];
  });
}

const id = (n: number): string => `pay_${String(n).padStart(26, '0')}`;
const asked = {
  cycleId: RECON_CYCLE,
  participantId: null,
  cause: 'asked',
  touched: [],
  by: { actor: 'ana', reason: 'asked', atMs: NOW_MS },
} as const;

it('reports what the hub booked, amount by amount', () => {
  const [payment] = payments;
  const price = payment?.payer?.price;
  const wallet = sets.wallet.lines.find((line) => line.transactionId === id(1));
  const acquirer = sets.acquirer.lines.find((line) => line.transactionId === id(1));
  expect(wallet).toMatchObject({
    transactionRequestId: 'tm-1',
    transactionAmountValue: '100',
    settlementAmountValue: price?.payToAmount.minor.toString(),
    interchangeAmountValue: price?.interchange.credited.amount.minor.toString(),
    serviceFeeAmountValue: price?.schemeFeeWallet.minor.toString(),
    settlementCurrency: 'THB',
    quoteCurrencyPair: 'JPY/THB',
    roundingValue: '0',
  });
  expect(acquirer).toMatchObject({
    transactionRequestId: 'req-1',
    settlementAmountValue: price?.settlementAmount.minor.toString(),
    interchangeAmountValue: price?.interchange.charged.amount.minor.toString(),
    serviceFeeAmountValue: price?.schemeFeeAcquirer.minor.toString(),
    settlementCurrency: 'JPY',
    quotePrice: '1',
  });
  const refund = sets.wallet.lines.find((line) => line.transactionId === refundId);
  expect(refund).toMatchObject({
    transactionType: 'REFUND',
    originalTransactionId: id(3),
    settlementAmountValue: '9120',
    interchangeAmountValue: '73',
    serviceFeeAmountValue: '0',
  });
  expect(sets.wallet.lines).toHaveLength(7);
});

it('finds nothing in files that say what the hub says', async () => {
  const wallet = await send('wallet');
  const acquirer = await send('acquirer');
  expect(wallet).toMatchObject({ outcome: 'loaded', lines: 7, match: { legs: 7, suspects: 0 } });
  expect(acquirer).toMatchObject({ match: { legs: 7, suspects: 0, opened: 0 } });
  const report = await db.dataSource.transaction((tx) => matchCycle(tx, asked, ids));
  expect(report).toEqual({ legs: 14, suspects: 0, opened: 0, cleared: 0 });
  expect(await liveText()).toEqual([]);
});

it('finds the same in a day that is closed and has no numbers yet', async () => {
  await db.dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL session_replication_role = 'replica'`);
    await tx.query('DELETE FROM cycle_members');
    await tx.query('UPDATE cycles SET members = NULL');
  });
  for (const side of ['wallet', 'acquirer'] as const) {
    const lines = bend(side, id(2), null);
    expect(await send(side, { lines })).toMatchObject({ lines: 6, match: { legs: 7, opened: 1 } });
  }
  expect(await liveText()).toEqual([
    `missingAtAcquirer ${ACQUIRER} ${id(2)}`,
    `missingAtWallet ${WALLET} ${id(2)}`,
  ]);
});

const ONE_BREAK: readonly [string, Side, number, Partial<DetailLine> | null, string, string][] = [
  ['a dropped wallet line', 'wallet', 2, null, 'missingAtWallet', 'wallet'],
  ['a dropped acquirer line', 'acquirer', 2, null, 'missingAtAcquirer', 'acquirer'],
  ['a failed line', 'wallet', 2, { result: 'FAILED' }, 'statusMismatch', 'wallet'],
  [
    'another amount',
    'acquirer',
    4,
    { transactionAmountValue: '778' },
    'amountMismatch',
    'acquirer',
  ],
  [
    'another settlement amount',
    'wallet',
    4,
    { settlementAmountValue: '99' },
    'amountMismatch',
    'wallet',
  ],
  ['another currency', 'wallet', 4, { transactionCurrency: 'KRW' }, 'currencyMismatch', 'wallet'],
  ['another price', 'wallet', 5, { quotePrice: '0.2' }, 'rateMismatch', 'wallet'],
  ['another fee', 'acquirer', 5, { serviceFeeAmountValue: '500' }, 'feeMismatch', 'acquirer'],
  ['an id that is lost', 'wallet', 2, { transactionId: '' }, 'referenceMismatch', 'wallet'],
];

it.each(ONE_BREAK)('%s is one break and no other', async (_, side, n, change, type, owner) => {
  await send('wallet', side === 'wallet' ? { lines: bend(side, id(n), change) } : {});
  await send('acquirer', side === 'acquirer' ? { lines: bend(side, id(n), change) } : {});
  const breaks = await live();
  expect(breaks).toMatchObject([
    { type, owner, subjectId: id(n), participantId: sets[side].participantId, state: 'open' },
  ]);
  expect(breaks[0]?.repair.sentence).toContain(id(n));
});

it('clears breaks by a corrected file, and opens them again by a worse one', async () => {
  await send('acquirer');
  await send('wallet', { lines: bend('wallet', id(2), null) });
  const [missing] = await live();
  expect(missing?.type).toBe('missingAtWallet');
  expect(await send('wallet')).toMatchObject({ outcome: 'corrected', match: { cleared: 1 } });
  expect(await liveText()).toEqual([]);
  const worse = sets.wallet.lines.filter(({ transactionId }) => transactionId !== id(2));
  await send('wallet', { lines: [...worse].reverse() });
  expect(await live()).toMatchObject([{ id: missing?.id, state: 'open' }]);
  const events = await listBreakEvents(db.dataSource.manager, missing?.id ?? '');
  expect(events.map(({ event }) => event)).toEqual(['opened', 'cleared', 'reopened']);
});

it('takes a file that comes twice once, also after its correction', async () => {
  const broken = { lines: bend('wallet', id(2), null) };
  await send('wallet', broken);
  expect(await send('wallet', broken)).toMatchObject({ outcome: 'known', match: null });
  await send('wallet');
  expect(await send('wallet', broken)).toMatchObject({ outcome: 'known' });
  expect(await liveText()).toEqual([]);
});

it('says that nothing is missing before the last part has landed', async () => {
  const { lines } = sets.wallet;
  const parts = [lines.slice(0, 2), lines.slice(2, 4), lines.slice(4, 6)];
  await send('wallet', { seq: 2, parts: 3, lines: parts[2] ?? [] });
  await send('wallet', { seq: 0, parts: 3, lines: parts[0] ?? [] });
  expect(await liveText()).toEqual([]);
  await send('wallet', { seq: 1, parts: 3, lines: parts[1] ?? [] });
  expect(await liveText()).toEqual([`missingAtWallet ${WALLET} ${lines[6]?.transactionId ?? ''}`]);
});

it('asks for files that never came, and is content when they do', async () => {
  await send('acquirer');
  await db.dataSource.transaction((tx) => matchCycle(tx, asked, ids));
  expect(await liveText()).toEqual([`fileMissing ${WALLET} ${RECON_CYCLE}/${WALLET}/THB`]);
  expect(await send('wallet')).toMatchObject({ match: { cleared: 1 } });
  expect(await liveText()).toEqual([]);
});

it('tells the wrong cycle from a missing line, whichever file lands first', async () => {
  const moved = sets.wallet.lines.find(({ transactionId }) => transactionId === id(2));
  if (moved === undefined) throw new Error('no line');
  const late = { ...moved, settlementBatchId: NEXT_CYCLE };
  await send('wallet', { lines: bend('wallet', id(2), null) });
  expect(await liveText()).toEqual([`missingAtWallet ${WALLET} ${id(2)}`]);
  await send('wallet', { cycle: NEXT_CYCLE, lines: [late] });
  // That file lacks the one payment the next cycle does have.
  expect(await liveText()).toEqual([
    `missingAtWallet ${WALLET} ${id(9)}`,
    `wrongCycle ${WALLET} ${id(2)}`,
  ]);
  expect((await live()).find(({ type }) => type === 'wrongCycle')?.cycleId).toBe(RECON_CYCLE);
});

it('names lines of which the hub knows nothing, and refunds of nothing', async () => {
  const [first] = sets.wallet.lines;
  if (first === undefined) throw new Error('no line');
  const stray = { ...first, transactionId: 'pay_stray', transactionRequestId: 'tm-stray' };
  const orphan = {
    ...stray,
    transactionId: 'ref_orphan',
    transactionRequestId: 'tm-orphan',
    originalTransactionId: 'pay_nowhere',
    transactionType: 'REFUND' as const,
    transactionAmountValue: '31',
  };
  await send('wallet', { lines: [orphan, ...sets.wallet.lines, stray] });
  expect(await liveText()).toEqual([
    `missingAtHub ${WALLET} pay_stray`,
    `refundWithoutPayment ${WALLET} ref_orphan`,
  ]);
  const both = { ...stray, transactionRequestId: 'a-stray', settlementCurrency: 'JPY' };
  await send('acquirer', { lines: [...sets.acquirer.lines, both] });
  const owners = (await live()).filter(({ type }) => type === 'missingAtHub');
  expect(owners.map(({ owner }) => owner)).toEqual(['hub', 'hub']);
});

it('counts a line that comes twice as a duplicate, also from another part', async () => {
  const { lines } = sets.acquirer;
  const [first] = lines;
  if (first === undefined) throw new Error('no line');
  await send('acquirer', { seq: 0, parts: 2, lines });
  await send('acquirer', { seq: 1, parts: 2, lines: [first] });
  expect(await live()).toMatchObject([
    {
      type: 'duplicate',
      subjectId: first.transactionId,
      owner: 'acquirer',
      difference: { currency: 'JPY', minor: BigInt(first.settlementAmountValue) },
    },
  ]);
});

it('does not guess between two payments that are alike', async () => {
  // Payments 2 and 6 are both of JPY 1,200 at one store within seconds.
  const lines = bend('wallet', id(2), { transactionId: '', transactionRequestId: '' }).map(
    (line) =>
      line.transactionId === id(6)
        ? { ...line, transactionId: '', transactionRequestId: '' }
        : line,
  );
  await send('wallet', { lines });
  expect((await live()).map(({ type }) => type).sort()).toEqual([
    'missingAtHub',
    'missingAtHub',
    'missingAtWallet',
    'missingAtWallet',
  ]);
  // With one of them named, the other is told by likeness.
  const named = bend('wallet', id(2), { transactionId: '', transactionRequestId: '' });
  await send('wallet', { lines: named });
  expect(await live()).toMatchObject([{ type: 'referenceMismatch', subjectId: id(2) }]);
});

it('leaves nothing of a file with a fault in its last line', async () => {
  const { name, text } = fileOf('wallet');
  const cut = await loadText(name, text.replace('<END>\n', ''));
  expect(cut).toMatchObject({ ok: false, rejection: { code: 'PARAM_ILLEGAL' } });
  const [counts] = await db.dataSource.query<{ files: string; lines: string }[]>(
    `SELECT (SELECT count(*) FROM recon_files) AS files, (SELECT count(*) FROM recon_lines) AS lines`,
  );
  expect(counts).toEqual({ files: '0', lines: '0' });
  const stranger = await loadText(name.replace(WALLET, 'nobody'), text);
  expect(stranger).toMatchObject({ ok: false, rejection: { code: 'NOT_FOUND' } });
  const copy = await send('acquirer', { parts: 2 });
  expect(copy.outcome).toBe('loaded');
  const twin = fileOf('acquirer', { parts: 2, seq: 1 });
  const refused = await loadText(twin.name, twin.text);
  expect(refused.ok ? '' : refused.rejection.detail).toContain(`content of ${copy.name}`);
});

it('comes to the same breaks in whatever order the files land', async () => {
  const walletLines = bend('wallet', id(1), null).map((line) =>
    line.transactionId === id(2) ? { ...line, transactionId: 'lost' } : line,
  );
  const acquirerLines = bend('acquirer', id(3), { transactionAmountValue: '1' });
  const sendings: readonly (() => Promise<LoadReport>)[] = [
    () => send('wallet', { seq: 0, parts: 2, lines: walletLines.slice(0, 3) }),
    () => send('wallet', { seq: 1, parts: 2, lines: walletLines.slice(3) }),
    () => send('acquirer', { lines: acquirerLines }),
  ];
  const results: string[][] = [];
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    await db.dataSource.query(
      `TRUNCATE recon_files; TRUNCATE recon_lines;
       UPDATE recon_breaks SET state = 'cleared', ended_at = now()`,
    );
    for (const at of order) await sendings[at]?.();
    results.push(await liveText());
  }
  expect(results[0]).toEqual([
    `amountMismatch ${ACQUIRER} ${id(3)}`,
    `missingAtWallet ${WALLET} ${id(1)}`,
    `referenceMismatch ${WALLET} ${id(2)}`,
  ]);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});
