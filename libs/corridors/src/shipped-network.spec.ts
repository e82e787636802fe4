/**
 * Goal: the shipped figures say what the product promises. Method: read data/network as the hub
 * does and compare it with published lists and with the codec.
 */
import { decodeQr } from '#domain/qr/index';
import { decideRoute } from '#domain/routing/decide-route';
import { resolveNationalCode, type SchemeAccount } from '#domain/routing/resolve-code';
import { schemeAccountsOf } from '#domain/routing/scheme-accounts';
import { encodeStoreCode } from '#domain/routing/store-code';
import { projectRoot } from '#platform/project-root';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedNetwork } from './seed/shipped-network.js';
import { readNetworkFiles } from './seed/network-files.js';

const dataDir = join(projectRoot, 'data');
const files = readNetworkFiles(dataDir);
const network = shippedNetwork(files);

/** What routing gets of a decoded code: the recognised schemes' accounts with their children. */
function accountsOf(payload: string): SchemeAccount[] {
  const decoding = decodeQr(payload);
  if (decoding.format !== 'emvco-mpm') throw new Error(`${payload} is ${decoding.format}`);
  expect(decoding.verdict).not.toBe('reject');
  return schemeAccountsOf(decoding);
}

describe('the wallets', () => {
  // The sixteen apps that Alipay+ named for Japan in April 2024 (vixio.com, see sources.jsonl).
  const JAPAN_2024 =
    'alipay_cn alipayhk mpay_mo kakaopay naverpay tosspay ocbc changipay ezlink tng mypb gcash hellomoney truemoney hipay_mn tinaba'.split(
      ' ',
    );

  it('include the sixteen accepted in Japan in April 2024, by that date and sourced', () => {
    expect(JAPAN_2024).toHaveLength(16);
    for (const wallet of JAPAN_2024) {
      const edge = network.edges.get(wallet)?.get('JP');
      expect([wallet, edge?.network, edge?.quality === 'estimated']).toEqual([
        wallet,
        'alipayplus',
        false,
      ]);
      expect([wallet, (edge?.asOf ?? '9999') <= '2024-04']).toEqual([wallet, true]);
    }
    const throughAlipayPlus = [...network.edges.entries()].filter(
      ([, markets]) => markets.get('JP')?.network === 'alipayplus',
    );
    expect(throughAlipayPlus.map(([wallet]) => wallet).sort()).toEqual([...JAPAN_2024].sort());
  });

  it('carry the published limits', () => {
    // global.alipay.com cashierpay: HKD 50,000, KRW 2,000,000, MYR 20,000 a payment;
    // PHP 100,000 a day. OCBC at launch: SGD 1,000 a day.
    const limit = (id: string) => network.wallets.get(id);
    expect(limit('alipayhk')?.perPaymentLimit).toEqual({ currency: 'HKD', minor: 5_000_000n });
    expect(limit('kakaopay')?.perPaymentLimit).toEqual({ currency: 'KRW', minor: 2_000_000n });
    expect(limit('tng')?.perPaymentLimit).toEqual({ currency: 'MYR', minor: 2_000_000n });
    expect(limit('gcash')?.perDayLimit).toEqual({ currency: 'PHP', minor: 10_000_000n });
    expect(limit('ocbc')?.perDayLimit).toEqual({ currency: 'SGD', minor: 100_000n });
  });

  it('say of every cap that it is estimated', () => {
    const caps = files.wallets.map(({ value }) => files.sources.get(value.netDebitCap.source));
    expect(caps.map((source) => source?.quality)).toEqual(caps.map(() => 'estimated'));
  });
});

describe('the cast', () => {
  it('has a code for every store that the codec reads and routing leads back', () => {
    expect(network.stores.size).toBeGreaterThanOrEqual(300);
    for (const store of network.stores.values()) {
      const printed = encodeStoreCode(network, store.id);
      if (!printed.ok) throw new Error(`${store.id}: ${printed.rejection.detail}`);
      const resolved = resolveNationalCode(network, accountsOf(printed.value));
      expect(resolved).toMatchObject({ ok: true, value: { store: { id: store.id } } });
    }
  });

  it('takes a dynamic code for an amount too', () => {
    const printed = encodeStoreCode(network, 'sto_gion_menya_kawara_1', {
      amount: { currency: 'JPY', minor: 1_200n },
      billNumber: 'T-7',
    });
    if (!printed.ok) throw new Error(printed.rejection.detail);
    expect(decodeQr(printed.value)).toMatchObject({
      verdict: 'accept',
      amount: '1200',
      currencyAlpha: 'JPY',
      merchantName: 'Gion Menya Kawara',
      merchantCity: 'Kyoto',
    });
  });

  it('reaches the Kyoto noodle shop from Thailand, but not for K PLUS', () => {
    const printed = encodeStoreCode(network, 'sto_gion_menya_kawara_1');
    if (!printed.ok) throw new Error(printed.rejection.detail);
    const scan = {
      mode: 'nationalQr',
      target: { kind: 'code', accounts: accountsOf(printed.value) },
    } as const;
    expect(decideRoute(network, { ...scan, walletId: 'truemoney' })).toMatchObject({
      ok: true,
      value: { acquirer: { id: 'acq_kamogawa' }, merchant: { mcc: '5812', city: 'Kyoto' } },
    });
    expect(decideRoute(network, { ...scan, walletId: 'kplus' })).toMatchObject({
      ok: false,
      rejection: {
        code: 'ACCEPTANCE_MISSING',
        detail: 'K PLUS (KBank) has no acceptance link to JP; markets it reaches: KR, SG.',
      },
    });
  });
});

it('every link of the shipped network has its corridor, and every corridor its FX tier', () => {
  const tiers = readFileSync(join(dataDir, 'fx', 'tiers.jsonl'), 'utf8');
  for (const [walletId, markets] of network.edges) {
    const home = network.wallets.get(walletId)?.homeMarket ?? '';
    for (const market of markets.keys()) {
      const corridor = network.corridors.get(home)?.get(market);
      if (corridor === undefined) throw new Error(`no corridor from ${home} to ${market}`);
      expect(tiers).toContain(`"id": "${corridor.fxTier}"`);
    }
  }
});
