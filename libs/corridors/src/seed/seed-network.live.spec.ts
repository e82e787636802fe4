/**
 * Goal: a fresh database gets the whole shipped network, once. Method: seed a migrated database
 * twice from the real data folder and from copies of it with one planted fault.
 */
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedNetwork } from './seed-network.js';

const dataDir = join(projectRoot, 'data');
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => {
  await database.close();
});

const seed = (dir = dataDir) => database.dataSource.transaction(async (tx) => seedNetwork(tx, dir));

describe('seeding', () => {
  it('writes the promised network and nothing the second time', async () => {
    const first = await seed();
    expect(first.wallets).toBeGreaterThanOrEqual(25);
    expect(first.acquirers).toBeGreaterThanOrEqual(8);
    expect(first.merchants).toBeGreaterThanOrEqual(300);
    expect(first.stores).toBeGreaterThanOrEqual(first.merchants);
    expect(first.merchantCodes).toBeGreaterThanOrEqual(first.stores);

    const second = await seed();
    expect(Object.values(second)).toEqual(Object.values(second).map(() => 0));
    const [counts] = await database.dataSource.query<Record<string, string>[]>(
      `SELECT (SELECT count(*) FROM wallets)::int AS wallets,
         (SELECT count(*) FROM merchants)::int AS merchants,
         (SELECT count(*) FROM corridor_agreements)::int AS corridors,
         (SELECT count(*) FROM acceptance_edges)::int AS edges`,
    );
    expect(counts).toEqual({
      wallets: first.wallets,
      merchants: first.merchants,
      corridors: first.corridors,
      edges: first.acceptanceEdges,
    });
  });

  it('has merchants in eight markets and acquirers for each', async () => {
    const rows = await database.dataSource.query<{ market: string; acquirers: number }[]>(
      `SELECT m.market, count(DISTINCT a.id)::int AS acquirers
       FROM current_merchants m LEFT JOIN current_acquirers a
         ON a.market = m.market AND a.id = m.acquirer_id AND a.currency = m.currency
       GROUP BY m.market`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(8);
    expect(rows.filter((row) => row.acquirers === 0)).toEqual([]);
  });

  it('gives every acceptance link a corridor', async () => {
    const missing = await database.dataSource.query<unknown[]>(
      `SELECT e.wallet_id, e.market FROM current_acceptance_edges e
       JOIN current_wallets w ON w.id = e.wallet_id
       LEFT JOIN current_corridor_agreements c
         ON c.home_market = w.home_market AND c.acceptance_market = e.market
       WHERE c.id IS NULL`,
    );
    expect(missing).toEqual([]);
  });

  it('shows where every figure comes from', async () => {
    const bare = await database.dataSource.query<unknown[]>(
      `SELECT id, field FROM current_wallets,
         unnest(ARRAY['perPaymentLimit', 'perDayLimit', 'netDebitCap', 'prefund']) AS field
       WHERE coalesce(provenance -> field ->> 'source', '') = ''
          OR coalesce(provenance -> field ->> 'asOf', '') = ''
          OR coalesce(provenance -> field ->> 'quality', '') = ''`,
    );
    expect(bare).toEqual([]);
  });
});

describe('a bad data folder', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A copy of the shipped folder with one line of one file changed. */
  function withLine(file: string, line: number, change: (text: string) => string): string {
    const folder = mkdtempSync(join(tmpdir(), 'wayfare-data-'));
    folders.push(folder);
    cpSync(join(dataDir, 'network'), join(folder, 'network'), { recursive: true });
    const path = join(folder, 'network', file);
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[line - 1] = change(lines[line - 1] ?? '');
    writeFileSync(path, lines.join('\n'));
    return folder;
  }

  it.each([
    ['wallets.jsonl', 3, '"currency": "THB"', '"currency": "ZZZ"', /line 3, currency/],
    ['wallets.jsonl', 2, '"minor": "', '"minor": "-', /line 2, perPaymentLimit\.minor/],
    ['wallets.jsonl', 1, '{', '', /line 1, record: is not JSON/],
    ['wallets.jsonl', 2, '"kplus"', '"truemoney"', /line 2, id: truemoney is also on line 1/],
    ['acceptance.jsonl', 1, '"alipay_cn"', '"nobody"', /line 1, wallets: nobody is not known/],
    ['acquirers.jsonl', 1, '"jpqr"', '"nopay"', /line 1, schemes: nopay is not known/],
    ['merchants.jsonl', 7, '"mcc":"', '"mcc":"x', /line 7, mcc/],
  ])('is refused with file, line and field: %s line %i', async (file, line, from, to, fault) => {
    const folder = withLine(file, line, (text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    await expect(seed(folder)).rejects.toThrow(fault);
    await expect(seed(folder)).rejects.toThrow(file);
  });
});
