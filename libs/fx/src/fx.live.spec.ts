/**
 * Goal: shipped figures quote at any age, imported ones take over and age, an import is all or
 * nothing, and a quote comes back from the database as it was locked.
 * Method: a database of its own, the product's data, and files in the ECB's layout.
 */
import { join } from 'node:path';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { projectRoot } from '#platform/project-root';
import { quotePriceText } from '#domain/rates/quote';
import { stationsOf } from '#domain/rates/rate-book';
import { commitQuotes, findQuote, findQuotes, importEcb, RateDesk, seedFx } from './index.js';

const dataDir = join(projectRoot, 'data');
const NOW = Date.parse('2026-04-14T03:00:00Z');
const DAY_MS = 86_400_000;
const ECB = [
  'Date,USD,JPY,THB,MXN,RUB,',
  '2026-04-14,1.2000,180.00,36.000,N/A,N/A,',
  '2026-04-13,1.1684,186.75,37.728,20.000,N/A,',
  '2022-03-01,1.1162,128.46,36.445,22.9517,117.201,',
  '',
].join('\n');

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => query('DELETE FROM fx_tiers; DELETE FROM fx_loads; DELETE FROM fx_rates'));
afterAll(() => database.close());

function query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  return database.dataSource.query<T[]>(sql, values);
}

async function seededDesk(): Promise<RateDesk> {
  await database.dataSource.transaction((tx) => seedFx(tx, dataDir, NOW));
  const desk = new RateDesk();
  await desk.refresh(database.dataSource.manager);
  return desk;
}

function importText(text: string, nowMs = NOW) {
  return database.dataSource.transaction((tx) => importEcb(tx, text, nowMs));
}

function quoteAt(desk: RateDesk, nowMs: number, payer = 'THB') {
  return desk.quotePayment('standard', { payment: 'JPY', payer, settlement: 'JPY' }, nowMs, {
    payer: 'quo_payer',
    settlement: 'quo_settlement',
  });
}

function quoted(desk: RateDesk, nowMs: number, payer = 'THB') {
  const outcome = quoteAt(desk, nowMs, payer);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

describe('shipped figures', () => {
  it('are seeded once', async () => {
    const first = await database.dataSource.transaction((tx) => seedFx(tx, dataDir, NOW));
    const second = await database.dataSource.transaction((tx) => seedFx(tx, dataDir, NOW));
    expect(first.rates).toBeGreaterThan(25);
    expect(first.tiers).toBeGreaterThan(2);
    expect(second).toEqual({ rates: 0, tiers: 0 });
    expect(await query('SELECT 1 FROM fx_loads')).toHaveLength(1);
  });

  it('quote years later, pinned to their day', async () => {
    const desk = await seededDesk();
    expect(desk.current()).toMatchObject({ pinned: true, asOf: '2026-04-13' });
    const { payerQuote } = quoted(desk, NOW + 3_000 * DAY_MS);
    expect(payerQuote.pinned).toBe(true);
    // Shipped ECB figures: 37.728 / 186.75 × 1.005, rounded up (worked out in the pricing tests).
    expect(quotePriceText(payerQuote)).toBe('0.203034216868');
  });

  it('join the dollar series to the euro series, and pegs to their anchor', async () => {
    const desk = await seededDesk();
    const stations = (payer: string): string => {
      const { payerQuote } = quoted(desk, NOW, payer);
      return stationsOf('JPY', payerQuote.path).join(' ');
    };
    expect(stations('VND')).toBe('JPY EUR USD VND');
    expect(stations('MOP')).toBe('JPY EUR HKD MOP');
    expect(stations('AED')).toBe('JPY EUR USD AED');
  });
});

describe('imported figures', () => {
  it('take over, are not pinned, and refuse beyond the age', async () => {
    const desk = await seededDesk();
    const report = await importText(ECB);
    expect(report).toMatchObject({
      ok: true,
      value: { days: 3, figures: 12, added: 12, corrected: 0, unchanged: 0, gaps: 3 },
    });
    expect(await desk.refreshIfChanged(database.dataSource.manager)).toBe(true);
    expect(await desk.refreshIfChanged(database.dataSource.manager)).toBe(false);
    expect(desk.current()).toMatchObject({ pinned: false, asOf: '2026-04-14' });
    const { payerQuote } = quoted(desk, NOW);
    expect(payerQuote.pinned).toBe(false);
    // 36 / 180 = 0.2, × 1.005
    expect(quotePriceText(payerQuote)).toBe('0.201');
    expect(quoteAt(desk, NOW + 7 * DAY_MS).ok).toBe(true);
    expect(quoteAt(desk, NOW + 8 * DAY_MS)).toMatchObject({ rejection: { code: 'RATE_STALE' } });
  });

  it('fall back to the newest day of a gap, and refuse a currency that stopped being published', async () => {
    const desk = await seededDesk();
    await importText(ECB);
    await desk.refresh(database.dataSource.manager);
    // MXN ships per dollar; the import prices it per euro, a day before the newest.
    expect(quoted(desk, NOW, 'MXN').payerQuote.path.map((leg) => leg.asOf)).toEqual([
      '2026-04-14',
      '2026-04-13',
    ]);
    const dead = quoteAt(desk, NOW, 'RUB');
    expect(dead).toMatchObject({ ok: false, rejection: { code: 'RATE_STALE' } });
    expect(JSON.stringify(dead)).toContain('2022-03-01');
  });

  it('leave shipped figures of currencies they lack usable, and the quote says pinned', async () => {
    const desk = await seededDesk();
    await importText(ECB);
    await desk.refresh(database.dataSource.manager);
    expect(quoted(desk, NOW, 'VND').payerQuote.pinned).toBe(true);
  });

  it('are stored once, and corrected when the file says otherwise', async () => {
    await importText(ECB);
    expect(await importText(ECB)).toMatchObject({
      value: { added: 0, corrected: 0, unchanged: 12 },
    });
    expect(await query('SELECT 1 FROM fx_loads')).toHaveLength(1);
    const fixed = ECB.replace('180.00', '181.00');
    expect(await importText(fixed)).toMatchObject({ value: { added: 0, corrected: 1 } });
    const rows = await query(
      `SELECT rate::text FROM fx_rates WHERE counter = 'JPY' AND as_of = '2026-04-14'`,
    );
    expect(rows).toEqual([{ rate: '181.00' }]);
  });

  it('leave nothing behind when one cell is wrong', async () => {
    const broken = ECB.replace('117.201', '117,201');
    expect(await importText(broken)).toMatchObject({ ok: false });
    expect(await query('SELECT 1 FROM fx_rates')).toHaveLength(0);
    expect(await query('SELECT 1 FROM fx_loads')).toHaveLength(0);
  });

  it('may arrive in pieces that cut characters and lines', async () => {
    const bytes = new TextEncoder().encode(`\uFEFF${ECB}`);
    async function* pieces(): AsyncIterable<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 7) {
        yield await Promise.resolve(bytes.subarray(at, at + 7));
      }
    }
    const outcome = await database.dataSource.transaction((tx) => importEcb(tx, pieces(), NOW));
    expect(outcome).toMatchObject({ ok: true, value: { added: 12 } });
  });

  it('of a whole history since 1999 load in one go', async () => {
    const codes = 'USD,JPY,GBP,CNY,HKD,KRW';
    const days = Array.from({ length: 7_000 }, (_, back) =>
      new Date(NOW - back * DAY_MS).toISOString().slice(0, 10),
    );
    const cells = codes.replaceAll(/[A-Z]{3}/g, '1.2345');
    const text = [`Date,${codes},`, ...days.map((day) => `${day},${cells},`)].join('\n');
    expect(await importText(text)).toMatchObject({ value: { days: 7_000, added: 42_000 } });
  }, 60_000);
});

describe('stored quotes', () => {
  it('come back exactly as locked', async () => {
    const desk = await seededDesk();
    const { payerQuote, settlementQuote } = quoted(desk, NOW, 'VND');
    await database.dataSource.transaction((tx) => commitQuotes(tx, [payerQuote, settlementQuote]));
    const { manager } = database.dataSource;
    expect(await findQuote(manager, payerQuote.id)).toEqual(payerQuote);
    const both = await findQuotes(manager, [payerQuote.id, settlementQuote.id, 'quo_none']);
    expect([...both.values()]).toEqual(expect.arrayContaining([payerQuote, settlementQuote]));
    expect(both.size).toBe(2);
    expect(await query('SELECT 1 FROM quotes')).toHaveLength(2);
    expect(await findQuote(manager, 'quo_none')).toBeUndefined();
  });

  it('can neither be changed nor removed, nor contradict their own mark-up', async () => {
    const desk = await seededDesk();
    const { payerQuote } = quoted(desk, NOW);
    await expect(query('UPDATE quotes SET price = 1')).rejects.toThrow('append-only');
    await expect(query('DELETE FROM quotes')).rejects.toThrow('append-only');
    const cheap = {
      ...payerQuote,
      id: 'quo_cheap' as const,
      price: { numerator: 1n, denominator: 10n },
    };
    await expect(commitQuotes(database.dataSource.manager, [cheap])).rejects.toThrow('check');
  });

  it('may be stored by several payments at the same moment, once', async () => {
    const desk = await seededDesk();
    const shared = [1, 2, 3].map((n) => ({
      ...quoted(desk, NOW).payerQuote,
      id: `quo_shared_${String(n)}` as const,
    }));
    const store = (quotes: typeof shared) =>
      database.dataSource.transaction((tx) => commitQuotes(tx, quotes));
    await Promise.all([store(shared), store([...shared].reverse()), store(shared)]);
    const rows = await query(`SELECT 1 FROM quotes WHERE id LIKE 'quo\\_shared%'`);
    expect(rows).toHaveLength(3);
  });

  it('are refused where the currency has no rate or the tier is unknown, by name', async () => {
    const desk = await seededDesk();
    expect(JSON.stringify(quoteAt(desk, NOW, 'XCG'))).toContain('XCG');
    expect(quoteAt(desk, NOW, 'XCG')).toMatchObject({ rejection: { code: 'RATE_MISSING' } });
    expect(desk.quoteContext('gold', NOW)).toMatchObject({ rejection: { code: 'NOT_FOUND' } });
  });
});
