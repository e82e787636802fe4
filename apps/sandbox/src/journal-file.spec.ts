import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AcquirerBook, newSale } from './acquirer-book.js';
import { JournalFile, type JournalRecord } from './journal-file.js';
import { testCast } from './test-cast.js';
import { WalletBook, type Debit } from './wallet-book.js';

/**
 * Goal: what a partner answered for is there after a crash, whatever the crash left behind, and
 * memory stays bounded without forgetting. Method: real files, cut and reopened.
 */
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wayfare-journal-'));
  path = join(folder, 'deep', 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function reopened(): Promise<{ file: JournalFile; records: JournalRecord[] }> {
  const records: JournalRecord[] = [];
  const file = await JournalFile.open(path, { durable: true }, (record) => records.push(record));
  return { file, records };
}

describe('the journal', () => {
  it('gives back what was appended, in order, written in groups', async () => {
    const { file } = await reopened();
    const appended = Array.from({ length: 200 }, (_, n) => ({ p: 'w', k: 'x', n, text: 'ก\n"' }));
    await Promise.all(appended.map((record) => file.append(record)));
    await file.close();
    const again = await reopened();
    expect(again.records).toEqual(appended);
    await again.file.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['{"p":"w","k":"x","n":', '{', '{"p":"w","k":"x","n":2}'])(
    'drops a last line that a crash cut off: %s',
    async (torn) => {
      const first = await reopened();
      await first.file.append({ p: 'w', k: 'x', n: 1 });
      await first.file.close();
      await appendFile(path, torn);
      const second = await reopened();
      expect(second.records).toEqual([{ p: 'w', k: 'x', n: 1 }]);
      await second.file.append({ p: 'w', k: 'x', n: 3 });
      await second.file.close();
      const third = await reopened();
      expect(third.records.map((record) => record['n'])).toEqual([1, 3]);
      await third.file.close();
      expect(await readFile(path, 'utf8')).toMatch(/\}\n$/);
    },
  );

  it('has a record on disk when append resolves', async () => {
    const { file } = await reopened();
    await file.append({ p: 'w', k: 'x', n: 1 });
    expect(await readFile(path, 'utf8')).toBe('{"p":"w","k":"x","n":1}\n');
    await file.close();
  });
});

describe("a wallet's book", () => {
  const [wallet] = testCast.wallets;
  if (wallet === undefined) throw new Error('the cast has a wallet');
  const debit = (n: number, state: Debit['state'] = 'paid'): Debit => ({
    requestId: `pay_${String(n).padStart(4, '0')}`,
    paymentId: `m_${String(n)}`,
    customerId: 'cus',
    paymentAmount: 'JPY 4',
    payToAmount: 'THB 100',
    owedMinor: 100n,
    state,
    code: '',
    atMs: 1,
  });

  it('finds old requests on disk when memory has let them go', async () => {
    const { file } = await reopened();
    const book = new WalletBook(wallet, () => file, 5);
    for (let n = 0; n < 20; n++) await book.put(debit(n));
    expect(await book.find('pay_0003')).toEqual(debit(3));
    expect(await book.find('pay_0019')).toEqual(debit(19));
    expect(await book.find('pay_9999')).toBeUndefined();
    expect(await book.find('pay_0003x')).toBeUndefined();
    await file.close();
  });

  it('gives the money of a forgotten debit back, in memory and in a replay', async () => {
    const { file } = await reopened();
    const book = new WalletBook(wallet, () => file, 2);
    for (let n = 0; n < 6; n++) await book.put(debit(n));
    expect(book.balanceOf('cus')).toBe(1_000_000n - 600n);
    const old = await book.find('pay_0001');
    if (old === undefined) throw new Error('was forgotten');
    await book.put({ ...old, state: 'cancelled' });
    expect(book.balanceOf('cus')).toBe(1_000_000n - 500n);
    await file.close();
    const { file: again, records } = await reopened();
    const other = new WalletBook(wallet, () => again, 2);
    for (const record of records) other.replay(record);
    expect(other.balanceOf('cus')).toBe(1_000_000n - 500n);
    await again.close();
  });

  it('moves money once per debit, back on cancel, and the same after a restart', async () => {
    const { file } = await reopened();
    const book = new WalletBook(wallet, () => file);
    await book.put(debit(1, 'open'));
    expect(book.balanceOf('cus')).toBe(1_000_000n);
    await book.put(debit(1));
    await book.put(debit(1));
    await book.put(debit(2));
    await book.put(debit(2, 'cancelled'));
    await book.topUp('cus', 7n);
    expect(book.balanceOf('cus')).toBe(1_000_000n - 100n + 7n);
    await file.close();
    const { file: again, records } = await reopened();
    const other = new WalletBook(wallet, () => again);
    for (const record of records) other.replay(record);
    expect(other.balanceOf('cus')).toBe(book.balanceOf('cus'));
    expect(await other.find('pay_0002')).toEqual(debit(2, 'cancelled'));
    await again.close();
  });
});

describe("an acquirer's book", () => {
  it('finds old sales by either id when memory has let them go', async () => {
    const [acquirer] = testCast.acquirers;
    if (acquirer === undefined) throw new Error('the cast has an acquirer');
    const { file } = await reopened();
    const book = new AcquirerBook(acquirer, () => file, 3);
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) {
      const id = book.newRequestId();
      ids.push(id);
      const paymentId = `pay_${String(n).padStart(4, '0')}`;
      await book.put({ ...newSale(id, 'sto_menya', `JPY ${String(n)}`), paymentId });
    }
    const [oldest = ''] = ids;
    expect(book.sale(oldest)).toBeUndefined();
    expect(await book.find(oldest)).toMatchObject({ amount: 'JPY 0' });
    expect(await book.findByPayment('pay_0001')).toMatchObject({ amount: 'JPY 1' });
    expect(await book.findByPayment('pay_0009')).toMatchObject({ amount: 'JPY 9' });
    expect(await book.findByPayment('pay_0010')).toBeUndefined();
    expect(await book.find('somebody_else')).toBeUndefined();
    await file.close();
  });
});
