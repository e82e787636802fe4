/**
 * Goal: each cut-off takes a cycle's flows in, covers them with the best quotes, books results to
 * the cent, takes its revaluation back the next day, and settles covers on their value date; the
 * statement ties to the books all the way.
 * Method: clearing days played on a virtual clock in a database of its own, with providers that
 * quote what the test says; expected figures are worked out by hand beside them.
 */
import { jest } from '@jest/globals';
import { contraEntry, entryForPayment } from '#domain/pricing/payment-entry';
import { pricePayment } from '#domain/pricing/price-payment';
import { readFxStatement } from '#settlement';
import { firmQuotes, FxWorld } from '#testkit/fx-book-cases';
import { termsOf } from '#testkit/pricing-cases';

jest.setTimeout(60_000);

describe('a run of days', () => {
  let world: FxWorld;
  beforeAll(async () => {
    world = await FxWorld.open();
  }, 60_000);
  afterAll(() => world.close());

  it('covers the first day in full, with the best quote first', async () => {
    // THB 1,000.00 bought for USD 31.00, JPY 4,000 sold for USD 25.00.
    const cycle = await world.playDay('2026-11-16', [
      { bought: ['THB', 100_000n, 3_100n], sold: ['JPY', 4_000n, 2_500n] },
    ]);
    world.answers = (provider, request) =>
      request.currency === 'THB'
        ? firmQuotes({ prv_meridian: ['0.0312', 60_000n], prv_plover: ['0.0308', 900_000n] })(
            provider,
            request,
          )
        : firmQuotes({ prv_harbourline: ['0.0063', 10_000n], prv_plover: ['0.0064', 10_000n] })(
            provider,
            request,
          );
    expect((await world.desk.runDue()).map((run) => run.cycleId)).toEqual([cycle]);
    const [yen, baht] = await world.covers('2026-11-16');
    // The hub buys yen at the lowest price, all of it: 4,000 at 0.0063 are USD 25.20.
    expect(yen).toMatchObject({
      side: 'buy',
      amount: { currency: 'JPY', value: '4000' },
      uncovered: { value: '0' },
      choiceHolds: true,
      trades: [{ provider: 'prv_harbourline', usd: { value: '2520' }, realised: { value: '-20' } }],
    });
    expect(yen?.quotes).toHaveLength(3);
    // It sells baht at the highest, up to what that provider takes: 600.00 at 0.0312, the rest at 0.0308.
    // They cost 3,100 for 1,000.00: 1,860 and 1,240.
    expect(
      baht?.trades.map(({ provider, usd, realised }) => [provider, usd.value, realised.value]),
    ).toEqual([
      ['prv_meridian', '1872', '12'],
      ['prv_plover', '1232', '-8'],
    ]);
    // T+2 of Monday the sixteenth: Tokyo, Bangkok and New York all work on the eighteenth.
    expect(yen?.valueDate).toBe('2026-11-18');
    expect(await world.broken()).toEqual({});
    await world.post();
    const day = await world.statement('2026-11-16');
    expect(day).toMatchObject({ tied: true, pending: 0, cycles: [cycle] });
    const realised = day.lines.find(({ account }) => account === 'fxRealised');
    // −0.20 in yen, +0.12 −0.08 in baht.
    expect(realised).toMatchObject({ amount: { value: '-16' }, decided: { value: '-16' } });
    expect(day.lines.find(({ account }) => account === 'fxMargin')).toMatchObject({
      amount: { currency: 'THB', value: '10' },
    });
    expect(await world.balance('fxPosition', 'THB')).toBe(0n);
    expect(await world.balance('fxPositionUsd', 'USD', 'THB')).toBe(0n);
    expect(await world.balance('coverReceivable', 'JPY')).toBe(4_000n);
  });

  it('leaves open what nobody takes, revalues it, and takes that back the next day', async () => {
    await world.playDay('2026-11-17', [{ bought: ['THB', 100_000n, 3_000n] }]);
    world.answers = firmQuotes({ prv_plover: ['0.0305', 40_000n] });
    await world.desk.runDue();
    const mid = await world.query<{ worth: string; open: string; cost: string }>(
      `SELECT market_usd AS worth, closing_minor AS open, closing_usd AS cost FROM fx_positions
       WHERE currency = 'THB' ORDER BY run_no DESC LIMIT 1`,
    );
    // 400.00 of 1,000.00 are sold for 12.20; they cost 12.00. At the shipped rates, EUR 1 being
    // THB 37.728 and USD 1.1684, the 600.00 that stay open are worth USD 18.58 and cost 18.00.
    expect(mid).toEqual([{ open: '60000', cost: '1800', worth: '1858' }]);
    await world.post();
    expect(await world.statement('2026-11-17')).toMatchObject({
      tied: true,
      positions: [{ unrealised: { value: '58' }, realised: { value: '20' } }],
    });
    expect(await world.balance('fxUnrealised', 'USD')).toBe(-58n);

    await world.playDay('2026-11-18', []);
    world.answers = firmQuotes({ prv_plover: ['0.03', 900_000n] });
    await world.desk.runDue();
    await world.post();
    // 600.00 at 0.03 are USD 18.00, just what they cost: the gain on paper is gone again.
    const after = await world.statement('2026-11-18');
    expect(after.tied).toBe(true);
    expect(after.lines.find(({ account }) => account === 'fxUnrealised')).toMatchObject({
      amount: { value: '-58' },
    });
    expect(after.lines.find(({ account }) => account === 'fxRealised')).toBeUndefined();
    expect(await world.balance('fxUnrealised', 'USD')).toBe(0n);
    expect(await world.balance('fxPositionUsd', 'USD', 'THB')).toBe(0n);
    expect(await world.broken()).toEqual({});
  });

  it('lets purchases and sales of a day cover each other, and asks for nothing then', async () => {
    await world.playDay('2026-11-19', [
      { bought: ['THB', 50_000n, 1_500n] },
      { sold: ['THB', 50_000n, 1_530n] },
    ]);
    await world.desk.runDue();
    await world.post();
    expect(await world.covers('2026-11-19')).toEqual([]);
    expect(await world.statement('2026-11-19')).toMatchObject({
      tied: true,
      positions: [{ offsetRealised: { value: '30' }, realised: { value: '30' } }],
    });
    expect(await world.balance('fxPositionUsd', 'USD', 'THB')).toBe(0n);
  });

  it('tells by payment what refunds cost', async () => {
    await world.playDay('2026-11-20', [
      { sold: ['THB', 1_000n, 40n], refund: -7n },
      { bought: ['THB', 1_000n, 33n], refund: 2n },
    ]);
    await world.desk.runDue();
    await world.post();
    const day = await world.statement();
    expect(day).toMatchObject({ day: '2026-11-20', tied: true });
    expect(day.refunds).toMatchObject({ total: { value: '-5' }, count: 2 });
    expect(day.refunds.payments.map(({ amount }) => amount.value)).toEqual(['-7', '2']);
  });

  it('settles covers on their value date, once, and the providers owe nothing more', async () => {
    expect(await world.desk.settleDue()).toBeGreaterThan(0);
    // Covers of the seventeenth and eighteenth fall on the nineteenth and twentieth; by now it is
    // the small hours of the twenty-first, a Saturday.
    expect(await world.desk.settleDue()).toBe(0);
    await world.post();
    for (const currency of ['THB', 'JPY', 'USD']) {
      expect(await world.balance('coverReceivable', currency)).toBe(0n);
    }
    // USD 25.20 paid for yen; 18.72, 12.32, 12.20 and 18.00 taken for baht.
    expect(await world.balance('nostro', 'USD')).toBe(-2_520n + 1_872n + 1_232n + 1_220n + 1_800n);
    expect(await world.balance('nostro', 'JPY')).toBe(4_000n);
    expect(await world.broken()).toEqual({});
  });

  it('does nothing twice, however many try', async () => {
    await world.playDay('2026-11-21', [{ bought: ['THB', 100_000n, 3_000n] }]);
    world.answers = firmQuotes({ prv_plover: ['0.0305', 900_000n] });
    const runs = await Promise.all([world.desk.runDue(), world.desk.runDue(), world.desk.runDue()]);
    expect(runs.flat()).toHaveLength(1);
    expect(
      await world.query(`SELECT 1 FROM fx_cover_trades WHERE value_date > '2026-11-21'`),
    ).toHaveLength(1);
    expect(await world.broken()).toEqual({});
  });
});

describe('what cannot be covered', () => {
  let world: FxWorld;
  beforeAll(async () => {
    world = await FxWorld.open();
  }, 60_000);
  afterAll(() => world.close());

  it('is kept open with the reason: a currency without a calendar', async () => {
    await world.playDay('2026-11-16', [{ bought: ['AED', 100_000n, 27_000n] }]);
    world.answers = firmQuotes({ prv_plover: ['0.27', 900_000n] });
    await world.desk.runDue();
    const [cover] = await world.covers();
    expect(cover).toMatchObject({ valueDate: null, quotes: [], uncovered: { value: '100000' } });
    expect(cover?.notAsked).toContain('AED');
    // The peg of 3.6725 makes AED 1,000.00 worth USD 272.29.
    await world.post();
    expect(await world.statement()).toMatchObject({
      tied: true,
      positions: [{ worth: { value: '27229' }, unrealised: { value: '229' } }],
    });
    expect(await world.broken()).toEqual({});
  });

  it('holds the line where a rate is missing, and goes on when it is there', async () => {
    await world.playDay('2026-11-17', [{ bought: ['XCG', 100n, 55n] }]);
    await expect(world.desk.runDue()).rejects.toThrow('XCG');
    expect(await world.query(`SELECT fault FROM fx_runs WHERE state = 'due'`)).toEqual([
      { fault: expect.stringContaining('XCG') as string },
    ]);
    await world.playDay('2026-11-18', [{ bought: ['THB', 100n, 3n] }]);
    // The later day waits for the earlier one.
    expect(await world.desk.runDue()).toEqual([]);
    await world.query(
      `INSERT INTO fx_rates (series, base, counter, as_of, rate, source, quality, imported_at)
       VALUES ('shipped', 'USD', 'XCG', '2026-04-13', 1.79, 's', 'rule', now())`,
    );
    await world.query(
      `INSERT INTO fx_loads (series, added, corrected, newest, loaded_at)
       VALUES ('shipped', 1, 0, '2026-04-13', now())`,
    );
    await world.query(`UPDATE fx_runs SET due_at = now() WHERE state = 'due'`);
    expect(await world.desk.runDue()).toHaveLength(2);
    expect(await world.broken()).toEqual({});
  });

  it('names the days there are', async () => {
    expect(await readFxStatement(world.database.dataSource.manager, '2020-01-01')).toMatchObject({
      ok: false,
      rejection: { code: 'NOT_FOUND' },
    });
  });
});

describe('entries of payments as they are', () => {
  let world: FxWorld;
  beforeAll(async () => {
    world = await FxWorld.open();
  });
  afterAll(() => world.close());

  it('are bought from wallets and sold to acquirers, and a cancelled one counts as nothing', async () => {
    const terms = {
      payment: ['JPY', 120_000n] as const,
      wallet: 'THB',
      settlement: 'JPY',
      markupBps: 50,
      interchangeBps: 80,
      schemeFeeAcquirerBps: 15,
      schemeFeeWalletBps: 15,
    };
    const price = pricePayment(termsOf(terms));
    const parties = { walletId: 'wal', acquirerId: 'acq' };
    await world.playEntries('2026-11-16', (cycleId) => {
      const kept = { id: 'ent_kept', paymentId: 'pay_kept', cycleId } as const;
      const gone = { id: 'ent_gone', paymentId: 'pay_gone', cycleId } as const;
      const cancelled = entryForPayment(price, parties, gone);
      return [
        entryForPayment(price, parties, kept),
        cancelled,
        contraEntry(cancelled, 'ent_contra'),
      ];
    });
    await world.desk.runDue();
    await world.post();
    const { positions, tied } = await world.statement();
    expect(tied).toBe(true);
    const { payer, settlement, interchange, positionUsd } = price;
    const dollars = { currency: 'USD', value: positionUsd.minor.toString() };
    expect(positions).toMatchObject([
      {
        currency: 'JPY',
        bought: { value: '0' },
        sold: { value: (settlement.atMid - interchange.charged.atMid).toString() },
        soldFor: dollars,
      },
      {
        currency: 'THB',
        bought: { value: (payer.atMid - interchange.credited.atMid).toString() },
        boughtFor: dollars,
        sold: { value: '0' },
      },
    ]);
    expect(await world.broken()).toEqual({});
  });
});
