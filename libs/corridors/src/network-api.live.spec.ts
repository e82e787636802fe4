/**
 * Goal: the operator API shows the network page by page, with provenance, and explains routes.
 * Method: the modules in a real Nest application on a free port, asked with fetch; every answer is
 * parsed by its published schema.
 */
import {
  acceptancePageSchema,
  acquirerPageSchema,
  acquirerSchema,
  corridorPageSchema,
  corridorSchema,
  merchantDetailSchema,
  merchantPageSchema,
  nationalSchemeListSchema,
  routeExplanationSchema,
  walletPageSchema,
  walletSchema,
} from '#contracts/operator/network';
import { encodeStoreCode } from '#domain/routing/store-code';
import { DatabaseModule } from '#platform/database-module';
import { toProblem, validationPipe } from '#platform/problems';
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { join } from 'node:path';
import { CorridorsModule, NetworkDirectory, seedNetwork } from './index.js';

let database: TestDatabase;
let app: INestApplication;
let url: string;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.dataSource.transaction((tx) => seedNetwork(tx, join(projectRoot, 'data')));
  const testing = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot(database.url, { poolSize: 2 }), CorridorsModule],
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

describe('a list', () => {
  it('is read to its end by cursor, each record once and in order', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = merchantPageSchema.parse(
        (await get(`/api/merchants?market=JP&limit=17${cursor}`)).body,
      );
      expect(page.items.every((merchant) => merchant.market === 'JP')).toBe(true);
      ids.push(...page.items.map((merchant) => merchant.id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    const [count] = await database.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM current_merchants WHERE market = 'JP'`,
    );
    expect(ids).toHaveLength(count?.n ?? -1);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('can be narrowed', async () => {
    const found = merchantPageSchema.parse((await get('/api/merchants?q=gion%20MENYA')).body);
    expect(found.items.map((merchant) => merchant.id)).toContain('mer_gion_menya_kawara');
    const own = merchantPageSchema.parse((await get('/api/merchants?acquirer=acq_pasig')).body);
    expect(new Set(own.items.map((merchant) => merchant.acquirerId))).toEqual(
      new Set(['acq_pasig']),
    );
    const thai = walletPageSchema.parse((await get('/api/wallets?market=TH')).body);
    expect(thai.items.map((wallet) => wallet.id)).toEqual(['kplus', 'promptpay_th', 'truemoney']);
    const japanese = acquirerPageSchema.parse((await get('/api/acquirers?market=JP')).body);
    expect(japanese.items.map((acquirer) => acquirer.id)).toEqual([
      'acq_kamogawa',
      'acq_sumida',
      'acq_yodo',
    ]);
    const corridors = corridorPageSchema.parse(
      (await get('/api/corridors?home=TH&acceptance=JP')).body,
    );
    expect(corridors.items.map((corridor) => corridor.id)).toEqual(['cor_TH_JP']);
    const links = acceptancePageSchema.parse((await get('/api/acceptance?wallet=kplus')).body);
    expect(links.items.map((link) => link.market)).toEqual(['KR', 'SG']);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=%20', 'market=Japan'])(
    'refuses %s and names the field',
    async (query) => {
      const { status, body } = await get(`/api/merchants?${query}`);
      expect(status).toBe(422);
      expect(body).toMatchObject({ errors: [{ field: query.split('=')[0] }] });
    },
  );
});

describe('a record', () => {
  it('says where its figures come from and that it is no real participant', async () => {
    const wallet = walletSchema.parse((await get('/api/wallets/alipayhk')).body);
    expect(wallet).toMatchObject({
      simulated: true,
      affiliation: 'none',
      perPaymentLimit: { currency: 'HKD', value: '5000000' },
      provenance: {
        perPaymentLimit: { quality: 'measured' },
        netDebitCap: { quality: 'estimated' },
      },
    });
    expect(acquirerSchema.parse((await get('/api/acquirers/acq_kamogawa')).body)).toMatchObject({
      fictional: true,
      provenance: { record: { quality: 'fictional' } },
    });
    expect(corridorSchema.parse((await get('/api/corridors/th/jp')).body)).toMatchObject({
      id: 'cor_TH_JP',
      simulated: true,
      interchangeBps: 80,
      provenance: { interchangeBps: { quality: 'estimated' } },
    });
  });

  it('of a merchant has its stores with their codes', async () => {
    const { body } = await get('/api/merchants/mer_gion_menya_kawara');
    const merchant = merchantDetailSchema.parse(body);
    expect(merchant.fictional).toBe(true);
    expect(merchant.stores.map((store) => store.codes[0]?.scheme)).toEqual(['jpqr']);
    const identifiers = merchant.stores[0]?.codes[0]?.identifiers ?? {};
    // JPQR: 13, 4, 6 and 6 characters.
    expect(Object.values(identifiers).map((value) => value.length)).toEqual([13, 4, 6, 6]);
    const schemes = nationalSchemeListSchema.parse((await get('/api/national-schemes')).body);
    expect(schemes.map((scheme) => scheme.id)).toEqual(
      expect.arrayContaining(['jpqr', 'promptpay', 'qris', 'duitnow', 'qrph', 'fps']),
    );
  });

  it.each([
    ['/api/wallets/nobody', 'nobody'],
    ['/api/acquirers/acq_nobody', 'acq_nobody'],
    ['/api/merchants/mer_nobody', 'mer_nobody'],
    ['/api/corridors/JP/JP', 'JP'],
  ])('%s that is not there is a problem', async (path, named) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).toMatchObject({ status: 404, detail: expect.stringContaining(named) as unknown });
  });
});

describe('the explanation of a route', () => {
  const explain = async (query: string) =>
    routeExplanationSchema.parse((await get(`/api/routes/explain?${query}`)).body);

  it('names every record with its version', async () => {
    expect(await explain('wallet=truemoney&merchant=mer_gion_menya_kawara')).toMatchObject({
      outcome: 'routed',
      wallet: 'truemoney@1',
      acquirer: 'acq_kamogawa@1',
      merchant: 'mer_gion_menya_kawara@1',
      corridor: 'cor_TH_JP@1',
      refusal: null,
    });
  });

  it('reads a scanned code', async () => {
    const network = app.get(NetworkDirectory).current();
    const printed = encodeStoreCode(network, 'sto_gion_menya_kawara_1');
    if (!printed.ok) throw new Error(printed.rejection.detail);
    const code = encodeURIComponent(printed.value);
    const route = await explain(`wallet=truemoney&code=${code}`);
    expect(route).toMatchObject({ outcome: 'routed', store: 'sto_gion_menya_kawara_1@1' });
    expect(route.considered.map((entry) => entry.acquirerId)).toContain('acq_sumida');
    const torn = await get(`/api/routes/explain?wallet=truemoney&code=${code.slice(0, -4)}`);
    expect(torn).toMatchObject({ status: 422, body: { code: 'INVALID_CODE' } });
  });

  it('names the missing link of a refusal', async () => {
    expect(await explain('wallet=kplus&merchant=mer_gion_menya_kawara')).toMatchObject({
      outcome: 'refused',
      refusal: {
        code: 'ACCEPTANCE_MISSING',
        detail: expect.stringContaining('KR, SG') as unknown,
      },
    });
    expect(await explain('wallet=truemoney&market=DE')).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'ACQUIRER_MISSING' },
    });
  });

  it('needs exactly one place', async () => {
    const { status, body } = await get('/api/routes/explain?wallet=truemoney');
    expect(status).toBe(422);
    expect(body).toMatchObject({ detail: expect.stringContaining('exactly one') as unknown });
  });
});

it('is described in OpenAPI with its schemas and parameters', () => {
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  const list = document.paths['/api/merchants']?.get;
  expect(list?.parameters?.map((parameter) => 'name' in parameter && parameter.name)).toEqual(
    expect.arrayContaining(['market', 'acquirer', 'q', 'cursor', 'limit']),
  );
  const text = JSON.stringify(document);
  for (const word of ['perPaymentLimit', 'identifiers', 'schemeFeeAcquirerBps', 'considered']) {
    expect(text).toContain(word);
  }
});
