// Goal: a participant finds its own leg and terms wherever it looks, and nothing of the other's.
// Method: payments of two wallets at two acquirers on a real hub, some refused by limits; then every
// word the hub said to each participant, on the wire and by its pages, is searched for what it must
// not hold, and what it must hold is looked up in the explanation that operators read.
import { OPERATOR_KEY } from '#platform/operators/index';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';
import type { HubReply } from '../payments/partner.js';

type Fields = Record<string, unknown>;
interface Money {
  readonly currency: string;
  readonly value: string;
}
interface Own {
  readonly payment: Fields & { readonly id: string; readonly legAmount: Money };
  readonly quote: { readonly id: string } | null;
  readonly items: readonly { readonly name: string; readonly amount: Money }[];
  readonly total: Money;
}

let hub: HubUnderTest;
const keys = new Map<string, string>();
/** What the hub answered to each participant's calls, beside what it called them with. */
const told = { wallet: [] as HubReply[], acquirer: [] as HubReply[] };
let paid: string;
let paidByOther: string;
let explanation: Fields & {
  price: { walletOwes: Money; acquirerReceives: Money; items: Fields[] };
};

async function get(path: string, key?: string): Promise<{ status: number; body: Fields }> {
  const response = await fetch(`${hub.url}${path}`, {
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });
  return { status: response.status, body: (await response.json()) as Fields };
}

const keyOf = (id: string): string => keys.get(id) ?? '';
const own = (id: string, path: string) => get(`/api/participants/${id}${path}`, keyOf(id));
const idsOf = (body: Fields): string[] => (body['items'] as { id: string }[]).map(({ id }) => id);

async function charge(wallet: HubUnderTest['wallet'], customer: string, amount: number) {
  const body = hub.acquirer.charge(await wallet.code(customer), yen(amount));
  const reply = await hub.acquirer.pay(body);
  told.acquirer.push(reply);
  return { reply, requestId: body['paymentRequestId'] };
}

beforeAll(async () => {
  hub = await HubUnderTest.open();
  const root = hub.app.get<string>(OPERATOR_KEY);
  for (const participant of ['truemoney', 'gcash', 'acq_kamogawa', 'acq_sumida']) {
    const response = await fetch(`${hub.url}/api/operators`, {
      method: 'POST',
      headers: { authorization: `Bearer ${root}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: participant.replaceAll('_', '-'), participant }),
    });
    keys.set(participant, ((await response.json()) as { key: string }).key);
  }
  const first = await charge(hub.wallet, 'ploy', 1_200);
  const second = await charge(hub.otherWallet, 'dan', 2_400);
  paid = (await hub.payment(first.requestId)).id;
  paidByOther = (await hub.payment(second.requestId)).id;
  told.acquirer.push(
    await hub.acquirer.send('payments/inquiryPayment', { paymentRequestId: first.requestId }),
  );
  const order = await hub.acquirer.pay(hub.acquirer.payBody('OrderCode', yen(800)));
  told.acquirer.push(order);
  const form = order['orderCodeForm'] as { codeDetails: { codeValue: string }[] };
  const scanned = await hub.wallet.scan(form.codeDetails[0]?.codeValue ?? '', 'ploy');
  told.wallet.push(scanned, await hub.wallet.confirm(scanned));
  await hub.idle();
  explanation = (await get(`/api/payments/${paid}/explanation`)).body as typeof explanation;
}, 60_000);
afterAll(() => hub.close());

/** Every name and every text in a JSON value. */
function wordsIn(value: unknown, names: string[] = [], texts: string[] = []): [string[], string[]] {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      names.push(name);
      wordsIn(inner, names, texts);
    }
  } else texts.push(String(value));
  return [names, texts];
}

const WALLETS_OWN = /payTo|paymentQuote|walletOwes|schemeFeeWallet|interchangeCredited/;
const ACQUIRERS_OWN =
  /settlement|acquirerReceives|schemeFeeAcquirer|interchangeCharged|mdr|acquirerRequest/i;

describe('on the wire', () => {
  it('a wallet hears nothing of what the acquirer gets', () => {
    const heard = [...hub.wallet.partner.calls.map(({ body }) => body), ...told.wallet];
    expect(heard.length).toBeGreaterThan(2);
    const [names] = wordsIn(heard);
    expect(names).toContain('payToAmount');
    expect(names.filter((name) => ACQUIRERS_OWN.test(name))).toEqual([]);
  });

  it('an acquirer hears nothing of what the payer pays', () => {
    const heard = [...hub.acquirer.partner.calls.map(({ body }) => body), ...told.acquirer];
    expect(heard.length).toBeGreaterThan(4);
    const [names, texts] = wordsIn(heard);
    expect(names).toContain('settlementAmount');
    expect(names.filter((name) => WALLETS_OWN.test(name))).toEqual([]);
    expect(texts.filter((text) => /THB|PHP/.test(text))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['its limit a payment', 'per_payment', 'PAYMENT_AMOUNT_EXCEED_LIMIT'],
    ['its net debit cap', 'cap', 'PROCESS_FAIL'],
  ])('a refusal by the wallet and %s tells an acquirer no figure of them', async (_, by, code) => {
    const { dataSource } = hub.database;
    const amount = by === 'cap' ? 1_000 : 4_000_000;
    if (by === 'cap') {
      await dataSource.query(
        `UPDATE exposures SET cap = 0, prefund = 0 WHERE participant_id = 'truemoney'`,
      );
    }
    const { reply, requestId } = await charge(hub.wallet, 'ploy', amount);
    expect(reply.result).toMatchObject({ resultStatus: 'F', resultCode: code });
    expect(reply.result.resultMessage).not.toMatch(/\d|THB|truemoney|today/);
    const { id, decline_detail: kept } = await hub.payment(requestId);
    // Operators read the figures; the acquirer's own page and inquiry do not show them either.
    expect(kept).toMatch(/\d/);
    const page = await own('acq_kamogawa', `/payments/${id}`);
    expect(page.status).toBe(200);
    expect(JSON.stringify(page.body)).not.toContain(kept);
    const inquiry = await hub.acquirer.resultOf(requestId);
    expect(inquiry.resultMessage).toBe(reply.result.resultMessage);
  });
});

describe('by its pages', () => {
  it('a wallet sees its payments with what it owes and why', async () => {
    const { body } = await own('truemoney', '/payments');
    expect(idsOf(body)).toContain(paid);
    const terms = (await own('truemoney', `/payments/${paid}`)).body as unknown as Own;
    expect(terms.payment).toMatchObject({ role: 'mpp', counterparty: 'acq_kamogawa' });
    expect(terms.total).toEqual(explanation.price.walletOwes);
    expect(terms.items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['payToAmount', 'interchangeCredited', 'schemeFeeWallet']),
    );
    const [names, texts] = wordsIn([body, terms]);
    expect(names.filter((name) => ACQUIRERS_OWN.test(name))).toEqual([]);
    expect(texts.filter((text) => ACQUIRERS_OWN.test(text))).toEqual([]);
    expect(terms.quote?.id).toBe((explanation['quotes'] as { id: string }[])[0]?.id);
  });

  it('an acquirer sees its payments with what it gets, and not who paid how much', async () => {
    const { body } = await own('acq_kamogawa', '/payments');
    expect(idsOf(body)).toEqual(expect.arrayContaining([paid, paidByOther]));
    const terms = (await own('acq_kamogawa', `/payments/${paid}`)).body as unknown as Own;
    expect(terms.total).toEqual(explanation.price.acquirerReceives);
    expect(terms.items.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'settlementAmount',
        'interchangeCharged',
        'schemeFeeAcquirer',
        'mdr',
      ]),
    );
    const [, texts] = wordsIn([body, terms]);
    for (const foreign of [/THB|PHP/, WALLETS_OWN, /\bploy\b|\bdan\b/]) {
      expect(texts.filter((text) => foreign.test(text))).toEqual([]);
    }
  });

  it('the two legs name their own parts of the price, and no part is in both but the shared one', async () => {
    const [wallet, acquirer] = await Promise.all(
      ['truemoney', 'acq_kamogawa'].map(async (id) => {
        const terms = (await own(id, `/payments/${paid}`)).body as unknown as Own;
        return terms.items.filter((item) => !('partOf' in item) || item.partOf === null);
      }),
    );
    const names = (items: Own['items'] | undefined) => new Set(items?.map(({ name }) => name));
    const both = [...names(wallet)].filter((name) => names(acquirer).has(name));
    expect(both).toEqual(['interchange']);
  });

  it("another's payment is answered like one that does not exist", async () => {
    const another = await own('gcash', `/payments/${paid}`);
    const none = await own('gcash', `/payments/pay_${'0'.repeat(26)}`);
    expect([another.status, none.status]).toEqual([404, 404]);
    const blank = (answer: { body: Fields }, id: string): string =>
      String(answer.body['detail']).replace(id, 'ID');
    expect(blank(another, paid)).toBe(blank(none, `pay_${'0'.repeat(26)}`));
    expect((await own('acq_sumida', `/payments/${paid}`)).status).toBe(404);
  });

  it.each([
    '?wallet=truemoney',
    '?acquirer=acq_kamogawa',
    '?participant=truemoney',
    '?id=truemoney',
    '?state=succeeded&wallet=truemoney&wallet=gcash',
  ])('no filter (%s) widens the list', async (query) => {
    const { status, body } = await own('gcash', `/payments${query}`);
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual([paidByOther]);
    expect(idsOf((await own('acq_sumida', `/payments${query}`)).body)).toEqual([]);
  });

  it("another's cursor leads through one's own list alone", async () => {
    const theirs = await own('truemoney', '/payments?limit=1');
    const cursor = String(theirs.body['nextCursor']);
    const mine = await own('gcash', `/payments?cursor=${cursor}`);
    expect([[], [paidByOther]]).toContainEqual(idsOf(mine.body));
    const high = Buffer.from('pay_zzzz').toString('base64url');
    expect(idsOf((await own('gcash', `/payments?cursor=${high}`)).body)).toEqual([paidByOther]);
  });

  it.each([
    '/api/payments',
    '/api/payments?wallet=truemoney',
    `/api/payments/PAID`,
    '/api/payments/PAID/explanation',
    '/api/participants/gcash/payments',
    '/api/participants/gcash/payments/PAID',
    '/api/participants/acq_kamogawa/payments',
    '/api/participants/acq_kamogawa/connection',
    '/api/quotes/QUOTE',
    '/api/invariants',
    '/api/wallets/gcash',
    '/api/corridors',
    '/api/audit',
  ])('%s is closed to it, even for its own payment', async (path) => {
    const quote = (explanation['quotes'] as { id: string }[])[1]?.id ?? '';
    const address = path.replace('PAID', paid).replace('QUOTE', quote);
    const { status, body } = await get(address, keyOf('truemoney'));
    expect(status).toBe(403);
    // The path that was asked for comes back, and nothing beyond it.
    const { instance: _, ...answer } = body;
    expect(JSON.stringify(answer)).not.toMatch(/gcash|JPY|settlement/);
  });

  it('operators see every list, and nobody without a key where reading is closed', async () => {
    expect((await get('/api/participants/gcash/payments')).status).toBe(200);
    const root = hub.app.get<string>(OPERATOR_KEY);
    expect(idsOf((await get('/api/participants/gcash/payments', root)).body)).toEqual([
      paidByOther,
    ]);
  });
});
