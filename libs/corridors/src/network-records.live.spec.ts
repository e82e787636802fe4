/**
 * Goal: the record books keep every version, refuse what the domain forbids, and tell the
 * directory when something changed. Method: write versions and faults straight into a seeded
 * database and read them back through the repositories and the directory.
 */
import { AcquirerRepository } from '#acquirers';
import { decideRoute } from '#domain/routing/decide-route';
import { MerchantRepository, StoreRepository } from '#merchants';
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { WalletRepository, type WalletVersion } from '#wallets';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { CorridorRepository } from './corridor-repository.js';
import { NetworkDirectory } from './network-directory.js';
import { seedNetwork } from './seed/seed-network.js';

let database: TestDatabase;
let tx: EntityManager;
const wallets = new WalletRepository();
const acquirers = new AcquirerRepository();
const merchants = new MerchantRepository();
const stores = new StoreRepository();
const corridors = new CorridorRepository();
const makeDirectory = () => new NetworkDirectory(wallets, acquirers, merchants, stores, corridors);

beforeAll(async () => {
  database = await openTestDatabase();
  tx = database.dataSource.manager;
  await database.dataSource.transaction((seeding) =>
    seedNetwork(seeding, join(projectRoot, 'data')),
  );
});
afterAll(async () => {
  await database.close();
});

async function nextVersion(id: string, change: Partial<WalletVersion>): Promise<WalletVersion> {
  const current = await wallets.findCurrent(tx, id);
  if (current === undefined) throw new Error(`${id} is not seeded`);
  const { effectiveFrom: _, ...terms } = current;
  return { ...terms, version: current.version + 1, ...change };
}

describe('versions', () => {
  it('puts a new one in force and keeps the old one readable', async () => {
    const second = await nextVersion('tinaba', { status: 'suspended' });
    expect(await wallets.insertVersions(tx, [second])).toBe(1);
    expect(await wallets.findCurrent(tx, 'tinaba')).toMatchObject({
      version: 2,
      status: 'suspended',
    });
    expect(await wallets.findVersion(tx, 'tinaba', 1)).toMatchObject({
      version: 1,
      status: 'active',
      perPaymentLimit: second.perPaymentLimit,
    });
  });

  it('keeps one written ahead out of force until its day', async () => {
    const ahead = await nextVersion('nayapay', {
      name: 'NayaPay Tomorrow',
      effectiveFrom: new Date(Date.now() + 86_400_000),
    });
    expect(await wallets.insertVersions(tx, [ahead])).toBe(1);
    expect(await wallets.findCurrent(tx, 'nayapay')).toMatchObject({ version: 1, name: 'NayaPay' });
  });

  it.each([
    'wallets',
    'acquirers',
    'merchants',
    'stores',
    'corridor_agreements',
    'acceptance_edges',
  ])('of %s are never changed or removed', async (table) => {
    await expect(tx.query(`UPDATE ${table} SET version = version`)).rejects.toThrow('append-only');
    await expect(tx.query(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
    await expect(tx.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('append-only');
  });
});

describe('the database refuses', () => {
  it.each<[string, Partial<WalletVersion>, RegExp]>([
    ['a gap in the versions', { version: 9 }, /wallets_no_gap/],
    ['a currency that is none', { currency: 'thb' }, /wallets_currency_check/],
    ['a negative cap', { netDebitCap: { currency: 'THB', minor: -1n } }, /net_debit_cap/],
    [
      'a limit per day below the one per payment',
      { perDayLimit: { currency: 'THB', minor: 1n } },
      /wallets_day_covers_payment/,
    ],
  ])('%s', async (_, change, fault) => {
    const bad = await nextVersion('truemoney', change);
    await expect(wallets.insertVersions(tx, [bad])).rejects.toThrow(fault);
  });

  it("another wallet's issuer number", async () => {
    const twin = await nextVersion('truemoney', { id: 'twin', version: 1 });
    await expect(wallets.insertVersions(tx, [twin])).rejects.toThrow(/code_issuer/);
  });

  it('a corridor whose id tells another pair', async () => {
    const [corridor] = await corridors.listCurrent(tx);
    if (corridor === undefined) throw new Error('no corridors are seeded');
    await expect(
      corridors.insertVersions(tx, [{ ...corridor, id: 'cor_XX_YY', version: 1 }]),
    ).rejects.toThrow(/corridor_agreements_id/);
  });

  it('a merchant of an acquirer that is not there', async () => {
    const merchant = await merchants.findCurrent(tx, 'mer_gion_menya_kawara');
    if (merchant === undefined) throw new Error('the noodle shop is not seeded');
    const { effectiveFrom: _, ...terms } = merchant;
    await expect(
      merchants.insertVersions(tx, [{ ...terms, version: 2, acquirerId: 'acq_nobody' }]),
    ).rejects.toThrow(/acquirer/);
  });
});

describe('the directory', () => {
  const toNoodles = {
    walletId: 'truemoney',
    mode: 'nationalQr',
    target: { kind: 'merchant', merchantId: 'mer_gion_menya_kawara' },
  } as const;

  it('loads what the database holds', async () => {
    const directory = makeDirectory();
    expect(() => directory.current()).toThrow('refreshed before it is used');
    const network = await directory.refresh(tx);
    expect(directory.current()).toBe(network);
    const [count] = await tx.query<{ n: number }[]>(
      'SELECT count(DISTINCT id)::int AS n FROM merchants',
    );
    expect(network.merchants.size).toBe(count?.n);
    expect(network.stores.size).toBeGreaterThanOrEqual(network.merchants.size);
    expect(decideRoute(network, toNoodles)).toMatchObject({
      ok: true,
      value: { acquirer: { id: 'acq_kamogawa' } },
    });
  });

  it('keeps its snapshot until a version is written, then routes on the new one', async () => {
    const directory = makeDirectory();
    const before = await directory.refresh(tx);
    expect(await directory.refreshIfChanged(tx)).toBe(before);
    await wallets.insertVersions(tx, [await nextVersion('truemoney', { status: 'suspended' })]);
    const after = await directory.refreshIfChanged(tx);
    expect(after).not.toBe(before);
    expect(decideRoute(after, toNoodles)).toMatchObject({
      ok: false,
      rejection: { code: 'INVALID_CONTRACT' },
    });
    expect(decideRoute(before, toNoodles).ok).toBe(true);
    await wallets.insertVersions(tx, [await nextVersion('truemoney', { status: 'active' })]);
    expect(decideRoute(await directory.refreshIfChanged(tx), toNoodles).ok).toBe(true);
  });

  it('takes up a version written ahead once its time has come, with no further change', async () => {
    const directory = makeDirectory();
    const effectiveFrom = new Date(Date.now() + 400);
    await wallets.insertVersions(tx, [
      await nextVersion('boost', { name: 'Boost Two', effectiveFrom }),
    ]);
    const before = await directory.refresh(tx);
    expect(before.wallets.get('boost')?.name).toBe('Boost');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const after = await directory.refreshIfChanged(tx);
    expect(after.revision).toBe(before.revision);
    expect(after.wallets.get('boost')?.name).toBe('Boost Two');
  });

  it('drops a withdrawn acceptance link', async () => {
    const edge = (await corridors.listEdges(tx)).find(
      ({ walletId, market }) => walletId === 'ezlink' && market === 'JP',
    );
    if (edge === undefined) throw new Error('EZ-Link is not seeded for Japan');
    const { effectiveFrom: _, ...link } = edge;
    await corridors.insertEdges(tx, [{ ...link, version: 2, accepted: false }]);
    const network = await makeDirectory().refresh(tx);
    expect(network.edges.get('ezlink')?.has('JP') ?? false).toBe(false);
  });
});
