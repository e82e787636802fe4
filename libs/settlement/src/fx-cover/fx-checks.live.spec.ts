/**
 * Goal: every check of the hub's own positions finds its own planted fault and nothing else, what
 * was traded cannot be changed, and a day with simulated providers can be played again.
 * Method: one planted fault at a time, with triggers and constraints switched off the way only a
 * superuser can, inside a transaction that is rolled back.
 */
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { findCoverProviders, fxChecks, seedCoverProviders, setCoverProvider } from '#settlement';
import { projectRoot } from '#platform/project-root';
import { firmQuotes, FxWorld } from '#testkit/fx-book-cases';
import { alarmsOf } from '#testkit/planted-fault';

jest.setTimeout(60_000);
const dataDir = join(projectRoot, 'data');

describe('providers', () => {
  let world: FxWorld;
  beforeAll(async () => {
    world = await FxWorld.open();
  }, 60_000);
  afterAll(() => world.close());

  it('are seeded once, and set anew by an operator', async () => {
    const { dataSource } = world.database;
    expect(await dataSource.transaction((tx) => seedCoverProviders(tx, dataDir, 1))).toBe(0);
    const before = await findCoverProviders(dataSource.manager);
    expect(before.map(({ id }) => id)).toEqual(['prv_harbourline', 'prv_meridian', 'prv_plover']);
    const [first] = before;
    if (first === undefined) throw new Error('no provider');
    const changed = { ...first, availability: 0 };
    await dataSource.transaction((tx) =>
      setCoverProvider(tx, changed, { quality: 'fictional', source: 'a test' }, 2),
    );
    expect(await findCoverProviders(dataSource.manager)).toEqual([changed, ...before.slice(1)]);
    expect(await dataSource.transaction((tx) => seedCoverProviders(tx, dataDir, 3))).toBe(0);
  });

  it('answer the shipped way by their seeds: played again, the same day ends the same', async () => {
    const outcome = async () => {
      const simulated = world.simulatedDesk();
      await world.playDay('2026-11-16', [
        { bought: ['THB', 9_000_000n, 278_000n], sold: ['JPY', 900_000n, 563_000n] },
      ]);
      await simulated.runDue();
      return (await world.covers()).map(({ quotes, trades }) => [
        quotes,
        trades.map(({ provider, usd }) => [provider, usd]),
      ]);
    };
    await world.close();
    world = await FxWorld.open();
    const first = await outcome();
    expect(first.flat(2).length).toBeGreaterThan(4);
    await world.close();
    world = await FxWorld.open();
    expect(await outcome()).toEqual(first);
  });
});

describe('a planted fault is found', () => {
  let world: FxWorld;
  beforeAll(async () => {
    world = await FxWorld.open();
    await world.playDay('2026-11-16', [{ bought: ['THB', 100_000n, 3_100n] }]);
    world.answers = firmQuotes({
      prv_meridian: ['0.0312', 60_000n],
      prv_plover: ['0.0308', 30_000n],
    });
    await world.desk.runDue();
    await world.playDay('2026-11-17', [{ bought: ['THB', 1_000n, 31n] }]);
    world.answers = firmQuotes({ prv_harbourline: ['0.03', 500n] });
    await world.desk.runDue();
    await world.post();
  });
  afterAll(() => world.close());

  it('and nothing is, where there is none', async () => {
    expect(await world.broken()).toEqual({});
    expect(await world.query('SELECT 1 FROM fx_cover_trades')).toHaveLength(3);
  });

  it.each([
    [
      'a closing position changed',
      ['fx-positions-equal-ledger'],
      `UPDATE fx_positions SET closing_minor = closing_minor + 1 WHERE run_no = 2`,
    ],
    [
      'a worth changed',
      ['fx-positions-equal-ledger', 'fx-profit-equals-ledger'],
      `UPDATE fx_positions SET market_usd = market_usd + 1, unrealised_usd = unrealised_usd + 1
       WHERE run_no = 2`,
    ],
    [
      'a result changed',
      ['fx-profit-equals-ledger'],
      `UPDATE fx_positions SET realised_usd = realised_usd + 1 WHERE run_no = 1`,
    ],
    [
      'a cut-off that begins elsewhere',
      ['fx-positions-follow'],
      `UPDATE fx_positions SET opening_usd = opening_usd + 1 WHERE run_no = 2`,
    ],
    [
      'a trade larger than its quote',
      ['cover-adds-up'],
      `UPDATE fx_cover_trades SET minor = minor + 1 WHERE provider_id = 'prv_harbourline'`,
    ],
    [
      'a better quote that was passed over',
      ['cover-best-quote'],
      `INSERT INTO fx_cover_quotes
       SELECT id, 'prv_better', 'firm', NULL, 0.05, 1, 900 FROM fx_cover_requests WHERE run_no = 1`,
    ],
    [
      'a cover settled without its entry',
      ['covers-settled-once'],
      `UPDATE fx_cover_trades SET state = 'settled', settled_at = now()
       WHERE provider_id = 'prv_plover'`,
    ],
  ])('%s', async (_fault, names, sql) => {
    const ringing = await alarmsOf(world.database.dataSource, fxChecks, sql);
    expect([...ringing.keys()]).toEqual(names);
  });

  it('and what was traded cannot be changed', async () => {
    await expect(world.query(`UPDATE fx_cover_trades SET minor = 1`)).rejects.toThrow(
      'cannot be changed',
    );
    await expect(world.query(`DELETE FROM fx_cover_trades`)).rejects.toThrow('append-only');
    await expect(world.query(`UPDATE fx_positions SET bought_usd = 1`)).rejects.toThrow(
      'append-only',
    );
    await expect(world.query(`DELETE FROM fx_cover_quotes`)).rejects.toThrow('append-only');
  });
});
