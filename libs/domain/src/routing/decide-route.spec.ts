/**
 * Goal: a payment finds its way, and a refusal names the one link that is missing. Method: take
 * links out of a small network one at a time and read the answer.
 */
import {
  CASE_STORE,
  NOODLE_CODE,
  caseAcquirer,
  caseCorridor,
  caseEdge,
  caseMerchant,
  caseNetwork,
  caseWallet,
} from '#testkit/network-cases';
import type { RejectionCode } from '../rejection.js';
import { decideRoute, type Route, type RouteQuery } from './decide-route.js';
import type { NetworkSnapshot } from './network-snapshot.js';

const scan: RouteQuery = {
  walletId: 'truemoney',
  mode: 'nationalQr',
  target: { kind: 'code', accounts: [{ schemeId: 'jpqr', identifiers: NOODLE_CODE }] },
};

function routed(network: NetworkSnapshot, query: RouteQuery): Route {
  const outcome = decideRoute(network, query);
  if (!outcome.ok) throw new Error(`${outcome.rejection.code}: ${outcome.rejection.detail}`);
  return outcome.value;
}

function refused(
  network: NetworkSnapshot,
  query: RouteQuery,
): { code: RejectionCode; detail: string } {
  const outcome = decideRoute(network, query);
  if (outcome.ok) throw new Error(`was routed to ${outcome.value.acquirer.id}`);
  return outcome.rejection;
}

const kamogawa = caseAcquirer();
const sumida = caseAcquirer({ id: 'acq_sumida', orderCodePrefix: '281702040002', priority: 20 });

describe('a scanned JPQR', () => {
  it('leads to its shop, over the link, corridor and acquirer that it says', () => {
    const route = routed(caseNetwork(), scan);
    expect(route.merchant?.id).toBe('mer_noodles');
    expect(route.store).toEqual(CASE_STORE);
    expect(route.acquirer.id).toBe('acq_kamogawa');
    expect(route.corridor.id).toBe('cor_TH_JP');
    const told = route.reasons.join('\n');
    for (const record of [
      'wallet truemoney@1',
      'acceptance truemoney>JP@1',
      'corridor cor_TH_JP@1',
      'merchant mer_noodles@1',
      'store sto_noodles_1@1',
      'acquirer acq_kamogawa@1',
    ]) {
      expect(told).toContain(record);
    }
    expect(told).toContain('company stated');
    expect(told).toContain('2023-06');
    expect(route.considered.filter((entry) => entry.chosen)).toEqual([
      { acquirerId: 'acq_kamogawa', chosen: true, why: "it is the merchant's own acquirer" },
    ]);
    expect(route.considered.find((entry) => entry.acquirerId === 'acq_sumida')?.why).toContain(
      'could serve it',
    );
  });

  it("prefers the merchant's own acquirer to one with better priority", () => {
    const network = caseNetwork({ acquirers: [kamogawa, { ...sumida, priority: 1 }] });
    expect(routed(network, scan).acquirer.id).toBe('acq_kamogawa');
  });

  it('falls back to the next acquirer of the scheme when its own is suspended', () => {
    const third = caseAcquirer({ id: 'acq_yodo', orderCodePrefix: '281703040003', priority: 30 });
    const network = caseNetwork({
      acquirers: [third, { ...kamogawa, version: 4, status: 'suspended' }, sumida],
    });
    const route = routed(network, scan);
    expect(route.acquirer.id).toBe('acq_sumida');
    expect(route.merchant?.id).toBe('mer_noodles');
    expect(route.reasons.at(-1)).toContain(
      'acq_kamogawa was passed over: suspended since version 4',
    );
  });

  it('does not fall back to an acquirer of another scheme or another mode', () => {
    const network = caseNetwork({
      acquirers: [
        { ...kamogawa, status: 'suspended' },
        { ...sumida, schemes: ['other'] },
        caseAcquirer({ id: 'acq_yodo', orderCodePrefix: '281703040003', modes: ['orderCode'] }),
      ],
    });
    expect(refused(network, scan)).toMatchObject({ code: 'MODE_NOT_SUPPORTED' });
    const alone = caseNetwork({ acquirers: [{ ...kamogawa, status: 'suspended' }] });
    expect(refused(alone, scan)).toMatchObject({ code: 'INVALID_CONTRACT' });
    expect(refused(alone, scan).detail).toContain('acq_kamogawa');
  });

  it('takes the first account that names a registered store', () => {
    const accounts = [
      { schemeId: 'visa', identifiers: {} },
      { schemeId: 'jpqr', identifiers: { ...NOODLE_CODE, '04': '000002' } },
      { schemeId: 'jpqr', identifiers: NOODLE_CODE },
    ];
    const route = routed(caseNetwork(), { ...scan, target: { kind: 'code', accounts } });
    expect(route.store?.id).toBe('sto_noodles_1');
  });
});

describe('a refusal names the missing link', () => {
  const network = caseNetwork();

  it('the wallet', () => {
    expect(refused(network, { ...scan, walletId: 'nobody' })).toMatchObject({
      code: 'WALLET_UNKNOWN',
      detail: expect.stringContaining('nobody') as unknown,
    });
    const suspended = caseNetwork({ wallets: [caseWallet({ version: 3, status: 'suspended' })] });
    expect(refused(suspended, scan)).toMatchObject({
      code: 'INVALID_CONTRACT',
      detail: expect.stringContaining('truemoney@3') as unknown,
    });
  });

  it('the acceptance link, with the markets the wallet does reach', () => {
    expect(refused(network, { ...scan, walletId: 'kplus' })).toEqual({
      code: 'ACCEPTANCE_MISSING',
      detail: 'K PLUS (KBank) has no acceptance link to JP; markets it reaches: KR, SG.',
    });
    const home = { ...scan, target: { kind: 'market', market: 'TH' } } as const;
    expect(refused(network, home).detail).toContain('home market');
  });

  it('the corridor agreement, or its mode', () => {
    const without = caseNetwork({ corridors: [] });
    expect(refused(without, scan)).toMatchObject({
      code: 'CORRIDOR_MISSING',
      detail: expect.stringContaining('from TH to JP') as unknown,
    });
    const narrow = caseNetwork({ corridors: [caseCorridor({ version: 2, modes: ['orderCode'] })] });
    expect(refused(narrow, scan)).toMatchObject({
      code: 'MODE_NOT_SUPPORTED',
      detail: expect.stringContaining('cor_TH_JP@2') as unknown,
    });
  });

  it('the acquirer of the scheme and market', () => {
    const none = caseNetwork({ acquirers: [{ ...kamogawa, schemes: [] }] });
    expect(refused(none, scan)).toEqual({
      code: 'ACQUIRER_MISSING',
      detail: 'No acquirer of this network serves JPQR in JP.',
    });
    const elsewhere = caseNetwork({
      edges: [caseEdge({ market: 'KR' })],
      acquirers: [kamogawa],
    });
    const inKorea = { ...scan, target: { kind: 'market', market: 'KR' } } as const;
    expect(refused(elsewhere, inKorea)).toMatchObject({
      code: 'ACQUIRER_MISSING',
      detail: expect.stringContaining('KR') as unknown,
    });
    const unknown = { kind: 'code', accounts: [{ schemeId: 'zeropay', identifiers: {} }] } as const;
    expect(refused(network, { ...scan, target: unknown })).toMatchObject({
      code: 'ACQUIRER_MISSING',
      detail: expect.stringContaining('zeropay') as unknown,
    });
  });

  it('the merchant', () => {
    const identifiers = { ...NOODLE_CODE, '01': '4900000000000' };
    const target = { kind: 'code', accounts: [{ schemeId: 'jpqr', identifiers }] } as const;
    expect(refused(network, { ...scan, target })).toMatchObject({
      code: 'MERCHANT_NOT_REGISTERED',
      detail: expect.stringContaining('4900000000000') as unknown,
    });
    const closed = caseNetwork({ merchants: [caseMerchant({ version: 2, status: 'suspended' })] });
    expect(refused(closed, scan)).toMatchObject({
      code: 'INVALID_CONTRACT',
      detail: expect.stringContaining('mer_noodles@2') as unknown,
    });
  });

  it('the currency', () => {
    expect(refused(network, { ...scan, currency: 'USD' })).toMatchObject({
      code: 'CURRENCY_NOT_SUPPORT',
      detail: expect.stringContaining('JPY') as unknown,
    });
    expect(routed(network, { ...scan, currency: 'JPY' }).acquirer.id).toBe('acq_kamogawa');
  });
});

describe('an acquirer that is given', () => {
  const charge: RouteQuery = {
    walletId: 'truemoney',
    mode: 'userPresented',
    target: { kind: 'acquirer', acquirerId: 'acq_kamogawa', merchantId: 'mer_noodles' },
  };

  it('serves its own merchant only', () => {
    expect(routed(caseNetwork(), charge).acquirer.id).toBe('acq_kamogawa');
    const others = {
      ...charge,
      target: { kind: 'acquirer', acquirerId: 'acq_sumida', merchantId: 'mer_noodles' },
    } as const;
    expect(refused(caseNetwork(), others)).toMatchObject({
      code: 'MERCHANT_NOT_REGISTERED',
      detail: expect.stringContaining('acq_sumida') as unknown,
    });
  });

  it('has no substitute: another acquirer did not issue its code', () => {
    const network = caseNetwork({ acquirers: [{ ...kamogawa, status: 'suspended' }, sumida] });
    expect(refused(network, charge)).toMatchObject({ code: 'INVALID_CONTRACT' });
  });

  it('must offer the mode', () => {
    const network = caseNetwork({ acquirers: [{ ...kamogawa, modes: ['nationalQr'] }, sumida] });
    expect(refused(network, charge)).toMatchObject({ code: 'MODE_NOT_SUPPORTED' });
  });

  it("refuses a store that is not the merchant's", () => {
    const target = { kind: 'merchant', merchantId: 'mer_noodles', storeId: 'sto_else' } as const;
    expect(refused(caseNetwork(), { ...charge, target })).toMatchObject({
      code: 'MERCHANT_NOT_REGISTERED',
    });
  });
});

describe('a market without a payee', () => {
  it('is served by the first acquirer in priority that can', () => {
    const network = caseNetwork({ acquirers: [sumida, { ...kamogawa, modes: ['orderCode'] }] });
    const route = routed(network, { ...scan, target: { kind: 'market', market: 'JP' } });
    expect(route.acquirer.id).toBe('acq_sumida');
    expect(route.considered).toEqual([
      { acquirerId: 'acq_kamogawa', chosen: false, why: 'does not offer nationalQr' },
      { acquirerId: 'acq_sumida', chosen: true, why: 'it has priority 20 in JP' },
    ]);
  });
});
