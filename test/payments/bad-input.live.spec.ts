/**
 * Goal: whatever is wrong with a request, its sender gets HTTP 200 with a signed `result` that
 * says what to change and where, nothing is stored that should not be, and the next good request
 * works. Method: one fault at a time in an otherwise good payment, on a real socket; every reply's
 * signature is verified by the partner that gets it.
 */
import { request } from 'node:http';
import { WIRE_PREFIXES } from '#contracts/partner-wire/operations';
import { wireTime } from '#contracts/partner-wire/wire-time';
import { createKeyPair } from '#platform/signing/index';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import type { HubReply, Sending } from './partner.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
}, 60_000);
afterAll(() => hub.close());

const MINUTE_MS = 60_000;

async function goodBody(): Promise<Record<string, unknown>> {
  return hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_000));
}

function send(body: object, change: Sending = {}): Promise<HubReply> {
  return hub.acquirer.partner.send('payments/pay', body, change);
}

/** Sends bytes that are signed as they are, so that only their content can be at fault. */
function sendText(text: string | Buffer): Promise<HubReply> {
  return send({}, { bytes: Buffer.from(text) });
}

function expectRefused(reply: HubReply, code: string, ...words: string[]): void {
  expect(reply.result.resultStatus).toBe('F');
  expect(reply.result.resultCode).toBe(code);
  for (const word of words) expect(reply.result.resultMessage).toContain(word);
}

afterEach(async () => {
  expect(await hub.count('payments WHERE wallet_id IS NOT NULL')).toBe(0);
  expect(await hub.exposure('truemoney')).toEqual({ reserved: 0n, outstanding: 0n });
  expect(hub.wallet.partner.callsTo('payments/pay')).toEqual([]);
});

describe('an envelope that is not right', () => {
  it('signed with another key', async () => {
    const { privateKey } = await createKeyPair();
    expectRefused(await send(await goodBody(), { key: privateKey }), 'INVALID_SIGNATURE');
  });

  it('signed for another path', async () => {
    const signedPath = `${WIRE_PREFIXES[0]}/payments/inquiryPayment`;
    expectRefused(
      await send(await goodBody(), { signedPath }),
      'INVALID_SIGNATURE',
      '/aps/api/v1/payments/pay',
    );
  });

  it('with a body that was serialised again after it was signed', async () => {
    const body = await goodBody();
    const signedBytes = Buffer.from(JSON.stringify(body, undefined, 1));
    expectRefused(await send(body, { signedBytes }), 'INVALID_SIGNATURE', 'as sent');
  });

  it('from somebody who is not enrolled', async () => {
    expectRefused(await send(await goodBody(), { clientId: 'ACQP_NOBODY' }), 'INVALID_CLIENT');
  });

  it('in the name of another acquirer', async () => {
    const { clientId } = hub.otherAcquirer.partner;
    expectRefused(await send(await goodBody(), { clientId }), 'INVALID_SIGNATURE');
  });

  it.each([
    ['stale', -6 * MINUTE_MS, 'past'],
    ['future', 6 * MINUTE_MS, 'future'],
  ])('with a %s request time', async (_, byMs, word) => {
    const time = wireTime(Date.now() + byMs);
    expectRefused(await send(await goodBody(), { time }), 'PARAM_ILLEGAL', 'Request-Time', word);
  });

  it('with a request time that is none', async () => {
    expectRefused(
      await send(await goodBody(), { time: 'yesterday' }),
      'PARAM_ILLEGAL',
      'Request-Time',
    );
  });

  it('for an operation that does not exist', async () => {
    const reply = await hub.acquirer.partner.send('payments/payTwice', await goodBody());
    expectRefused(reply, 'NO_INTERFACE_DEF', 'payments/pay');
  });
});

describe('a body that is not JSON as the wire has it', () => {
  it.each([
    ['cut off', '{"paymentRequestId": "a"', []],
    ['empty', '', []],
    ['not an object', '[1, 2]', ['object']],
    ['a duplicate key', '{"paymentRequestId":"a","paymentRequestId":"b"}', ['paymentRequestId']],
    ['nested a hundred deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, []],
    ['a number that JSON does not have', '{"paymentAmount":{"value":NaN}}', []],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), ['UTF-8']],
  ] as const)('%s', async (_, text, words) => {
    const reply = await sendText(Buffer.isBuffer(text) ? text : Buffer.from(text));
    expectRefused(reply, 'PARAM_ILLEGAL', ...words);
    expect(reply.result.resultMessage.length).toBeGreaterThan(20);
  });

  it('of two megabytes', async () => {
    const body = { ...(await goodBody()), passThroughInfo: 'x'.repeat(2 * 1_048_576) };
    expectRefused(await send(body), 'PARAM_ILLEGAL');
  });

  it('of two megabytes announced and never sent', async () => {
    const { hostname, port } = new URL(hub.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request({
        hostname,
        port,
        method: 'POST',
        path: `${WIRE_PREFIXES[0]}/payments/pay`,
        headers: { 'content-type': 'application/json', 'content-length': 2 * 1_048_576 },
      });
      sending.on('response', (response) => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.write('{');
    });
    expect(status).toBe(200);
  });
});

describe('an amount that cannot be', () => {
  it.each([
    ['zero', { currency: 'JPY', value: '0' }, 'zero'],
    ['negative', { currency: 'JPY', value: '-5' }, 'negative'],
    ['decimals', { currency: 'JPY', value: '12.50' }, 'minor units'],
    ['decimals of a currency that has them', { currency: 'USD', value: '12.50' }, '"1250"'],
    ['a word', { currency: 'JPY', value: 'many' }, 'digits'],
    ['an exponent', { currency: 'JPY', value: '1e3' }, 'digits'],
    ['more than a double can count', { currency: 'JPY', value: '9007199254740993' }, 'too large'],
    ['nothing', { currency: 'JPY' }, 'required'],
    ['no rupiah', { currency: 'IDR', value: '150' }, '00'],
  ])('%s', async (_, paymentAmount, word) => {
    const reply = await send({ ...(await goodBody()), paymentAmount });
    expectRefused(reply, 'PARAM_ILLEGAL', 'paymentAmount.value', word);
  });

  it('a number beyond 2^53, which must not be rounded on the way', async () => {
    const text = JSON.stringify(await goodBody()).replace(
      '"paymentAmount":{"currency":"JPY","value":"1000"}',
      '"paymentAmount":{"currency":"JPY","value":9007199254740993}',
    );
    expect(text).toContain(':9007199254740993');
    expectRefused(await sendText(text), 'PARAM_ILLEGAL', 'paymentAmount');
  });

  it.each(['XXQ', 'jpy', '392', ''])('of the currency %p', async (currency) => {
    const reply = await send({ ...(await goodBody()), paymentAmount: { currency, value: '1000' } });
    expectRefused(reply, 'PARAM_ILLEGAL', 'paymentAmount.currency');
  });

  it('in a currency that the shop does not price in', async () => {
    const paymentAmount = { currency: 'USD', value: '1000' };
    const reply = await send({ ...(await goodBody()), paymentAmount });
    expectRefused(reply, 'CURRENCY_NOT_SUPPORT', 'JPY', 'USD');
  });
});

describe('a field that cannot be', () => {
  const long = 'x'.repeat(65);
  it.each([
    ['no id', { paymentRequestId: undefined }, 'paymentRequestId'],
    ['an id of 65 characters', { paymentRequestId: long }, 'paymentRequestId'],
    ['an id with a line break', { paymentRequestId: 'a\nb' }, 'paymentRequestId'],
    ['no order', { order: undefined }, 'order'],
    ['no merchant', { order: {} }, 'order.merchant'],
    ['no scenario', { paymentFactor: {} }, 'paymentFactor.inStorePaymentScenario'],
    [
      'a scenario nobody plays',
      { paymentFactor: { inStorePaymentScenario: 'Barter' } },
      'paymentFactor.inStorePaymentScenario',
    ],
    ['no code', { paymentMethod: { paymentMethodType: 'CONNECT_WALLET' } }, 'paymentMethodId'],
    ['an expiry that is no time', { paymentExpiryTime: 'soon' }, 'paymentExpiryTime'],
    [
      'text that no database takes',
      { paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: '2590\u0000' } },
      'paymentMethod.paymentMethodId',
    ],
    [
      'half a character',
      { paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: '2590\ud800' } },
      'paymentMethod.paymentMethodId',
    ],
  ])('%s', async (_, change, field) => {
    expectRefused(await send({ ...(await goodBody()), ...change }), 'PARAM_ILLEGAL', field);
  });

  it('an order text with a null character', async () => {
    const body = await goodBody();
    const order = { ...(body['order'] as object), orderDescription: 'udon\u0000' };
    expectRefused(await send({ ...body, order }), 'PARAM_ILLEGAL', 'order.orderDescription');
  });

  it('an expiry that has passed, and the same again is answered the same', async () => {
    const body = { ...(await goodBody()), paymentExpiryTime: '2026-01-01T00:00:00Z' };
    const first = await send(body);
    expectRefused(first, 'ORDER_IS_CLOSED', 'paymentExpiryTime');
    expect(await send(body)).toEqual(first);
  });
});

describe('a code that cannot be paid', () => {
  it.each([
    ['259001021111222233334444', 'INVALID_CODE'],
    ['999999021111222233334444', 'INVALID_CODE'],
    ['not a code at all', 'INVALID_CODE'],
  ])('%s', async (code, resultCode) => {
    const reply = await hub.acquirer.pay(hub.acquirer.charge(code, yen(1_000)));
    expectRefused(reply, resultCode, 'code');
  });

  it.each([
    ['nothing readable', 'hello'],
    ['a wrong checksum', '00020101021126580014jp.or.paymentsjapan5802JP6304FFFF'],
    ['a null character', '000201\u0000'],
    [
      'an order nobody made',
      'https://qr.wayfare.example/281000040000/pay_00000000000000000000000000',
    ],
    ['an order code of nobody', 'https://qr.example.com/281999049999/abc'],
    ['five hundred digits', '1'.repeat(500)],
  ])('scanned by a wallet: %s', async (_, codeValue) => {
    const reply = await hub.wallet.scan(codeValue, 'ann');
    expect(reply.result.resultStatus).toBe('F');
    expect(reply.result.resultCode).toMatch(/^(INVALID_CODE|PARAM_ILLEGAL|BUSINESS_NOT_SUPPORT)$/);
    expect(reply.result.resultMessage).not.toBe('');
  });

  it('longer than any code', async () => {
    const reply = await hub.wallet.scan('1'.repeat(513), 'ann');
    expectRefused(reply, 'PARAM_ILLEGAL', 'codeValue', '512');
  });
});

it('leaves the hub able to take the same payment done right, and its books clean', async () => {
  expect(await hub.count('requests WHERE payment_id NOT IN (SELECT id FROM payments)')).toBe(0);
  expect(await hub.faults()).toEqual([]);
});
