/**
 * Goal: an operator reads rates, paths and quotes over HTTP, refusals come as problems.
 * Method: the module in a real Nest application on a free port, asked with fetch; every answer is
 * parsed by the published schema.
 */
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { fxPath, fxQuote, fxRates } from '#contracts/operator/fx';
import { settableClock } from '#platform/clock';
import { DatabaseModule } from '#platform/database-module';
import { toProblem, validationPipe } from '#platform/problems';
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { commitQuotes, FxModule, importEcb, RateDesk, seedFx } from './index.js';

const NOW = Date.parse('2026-04-14T03:00:00Z');
const clock = settableClock(NOW);
let database: TestDatabase;
let app: INestApplication;
let url: string;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.dataSource.transaction((tx) => seedFx(tx, join(projectRoot, 'data'), NOW));
  const testing = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot(database.url, { poolSize: 2 }), FxModule.forRoot({ clock })],
  }).compile();
  app = testing.createNestApplication(new FastifyAdapter());
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters({
    catch(error: unknown, host) {
      const problem = toProblem(error);
      const reply = host
        .switchToHttp()
        .getResponse<{ status: (code: number) => { send: (body: unknown) => void } }>();
      reply.status(problem.status).send(problem);
    },
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await database.close();
});

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: await response.json() };
}

it('shows the rates in force, and those imported meanwhile', async () => {
  const shipped = fxRates.parse((await get('/api/fx/rates')).body);
  expect(shipped).toMatchObject({ pinned: true, asOf: '2026-04-13', maxAgeDays: 7 });
  expect(shipped.rates).toContainEqual(
    expect.objectContaining({ base: 'EUR', counter: 'JPY', rate: '186.75', pinned: true }),
  );
  expect(shipped.tiers.map((tier) => tier.id)).toContain('standard');
});

it('shows how a pair is reached, its price by tier and the loss of a round trip', async () => {
  const view = fxPath.parse((await get('/api/fx/path?base=JPY&counter=THB')).body);
  expect(view.stations).toEqual(['JPY', 'EUR', 'THB']);
  // 37.728 / 186.75 and back; 186.75 = 747/4, 37.728 = 4716/125: 4716 × 4 / (125 × 747) = 2096/10375
  expect(view).toMatchObject({
    mid: '0.202024096386',
    midExact: '2096/10375',
    inverse: '4.949904580153',
    pinned: true,
    refusal: null,
  });
  // Half a percent each way: 1 − 1/1.005² = 0.010025 / 1.010025 = 0.99254970…%
  expect(view.tiers.find((tier) => tier.tier === 'standard')).toMatchObject({
    markupBps: 50,
    price: '0.203034216868',
    roundTripLossBps: '99.25',
  });
});

it('answers a pair without a rate, and a query that is none, with problems', async () => {
  const missing = await get('/api/fx/path?base=JPY&counter=XCG');
  expect(missing).toMatchObject({ status: 422, body: { code: 'RATE_MISSING' } });
  const unfit = await get('/api/fx/path?base=yen');
  expect(unfit).toMatchObject({ status: 422, body: { code: 'PARAM_ILLEGAL' } });
  expect(JSON.stringify(unfit.body)).toContain('counter');
});

it('shows a stored quote, expired in its time, and 404 for another', async () => {
  const desk = app.get(RateDesk);
  const ids = { payer: 'quo_a', settlement: 'quo_b' } as const;
  const currencies = { payment: 'JPY', payer: 'THB', settlement: 'JPY' };
  const quotes = desk.quotePayment('standard', currencies, NOW, ids);
  if (!quotes.ok) throw new Error(quotes.rejection.detail);
  await commitQuotes(database.dataSource.manager, [quotes.value.payerQuote]);
  const view = fxQuote.parse((await get('/api/quotes/quo_a')).body);
  expect(view).toMatchObject({ pair: 'JPY/THB', price: '0.203034216868', expired: false });
  clock.set(Date.parse(view.expiresAt));
  expect(fxQuote.parse((await get('/api/quotes/quo_a')).body).expired).toBe(true);
  clock.set(NOW);
  expect(await get('/api/quotes/quo_b')).toMatchObject({ status: 404 });
});

it('notices an import by another process, and says why an old pair is not quoted', async () => {
  const csv = 'Date,JPY,THB\n2026-03-02,180,36';
  await database.dataSource.transaction((tx) => importEcb(tx, csv, NOW));
  const rates = fxRates.parse((await get('/api/fx/rates')).body);
  expect(rates.pinned).toBe(false);
  const view = fxPath.parse((await get('/api/fx/path?base=JPY&counter=THB')).body);
  expect(view).toMatchObject({ mid: '0.2', pinned: false, tiers: [] });
  expect(view.refusal).toContain('2026-03-02');
});

it('is described in OpenAPI with its answers', () => {
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  expect(Object.keys(document.paths).sort()).toEqual([
    '/api/fx/path',
    '/api/fx/rates',
    '/api/quotes/{id}',
  ]);
  expect(JSON.stringify(document)).toContain('quotePrice of the partner wire');
});
