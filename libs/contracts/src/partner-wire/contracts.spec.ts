import type { z } from 'zod';
import {
  INBOUND_OPERATIONS,
  OPERATION_TIMEOUTS_MS,
  acquirerInquiryRequest,
  acquirerPayRequest,
  getPaymentCodeRequest,
  parseWireTime,
  readWire,
  userInitiatedPayRequest,
  walletNotifyRequest,
  walletPayRequest,
  wireTime,
  type AcquirerPayRequest,
} from './index.js';

/**
 * Goal: a partner's message is read as liberally as known clients are careless, and a wrong one
 * is refused with the field and the remedy. Method: one good message, varied a field at a time.
 */
type Draft = Record<string, unknown>;

function payMessage(change: (draft: Draft) => void = () => undefined): Draft {
  const draft: Draft = {
    order: {
      referenceOrderId: 'ORD-1',
      orderDescription: 'きつねうどん',
      orderAmount: { currency: 'JPY', value: '1200' },
      merchant: {
        referenceMerchantId: 'mer_1',
        merchantMCC: '5812',
        store: { referenceStoreId: 'sto_1' },
      },
    },
    paymentRequestId: 'REQ-1',
    paymentAmount: { currency: 'JPY', value: '1200' },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: '2881'.padEnd(24, '0') },
    paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
  };
  change(draft);
  return draft;
}

function read(draft: unknown): AcquirerPayRequest {
  const outcome = readWire(acquirerPayRequest, draft);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

function refusal(
  schema: z.ZodType,
  draft: unknown,
): { code: string; field: string; detail: string } {
  const outcome = readWire(schema, draft);
  if (outcome.ok) throw new Error('was accepted');
  return { ...outcome.rejection, field: outcome.rejection.field ?? '' };
}

describe('reading a pay message', () => {
  it('hands on money, booleans and unknown fields of the order', () => {
    const message = read(
      payMessage((draft) => {
        (draft['order'] as Draft)['goods'] = [{ goodsName: 'udon' }];
        draft['somethingNew'] = { deep: true };
      }),
    );
    expect(message.paymentAmount).toEqual({ currency: 'JPY', minor: 1200n });
    expect(message.paymentFactor.isInStorePayment).toBe(true);
    expect(message.order['goods']).toEqual([{ goodsName: 'udon' }]);
  });

  it('takes a number for a value and a boolean for a flag', () => {
    const message = read(
      payMessage((draft) => {
        draft['paymentAmount'] = { currency: 'JPY', value: 1200 };
        draft['paymentFactor'] = { isInStorePayment: true, inStorePaymentScenario: 'PaymentCode' };
      }),
    );
    expect(message.paymentAmount.minor).toBe(1200n);
    expect(message.paymentFactor.isInStorePayment).toBe(true);
  });

  it('counts null as absent, at any depth, and an absent required field as required', () => {
    const message = read(
      payMessage((draft) => {
        draft['settlementStrategy'] = null;
        (draft['order'] as Draft)['env'] = { userAgent: null, osType: 'IOS' };
      }),
    );
    expect(message.settlementStrategy).toBeUndefined();
    expect(message.order.env).toEqual({ osType: 'IOS' });
    expect(
      refusal(
        acquirerPayRequest,
        payMessage((d) => (d['paymentRequestId'] = null)),
      ),
    ).toEqual({
      code: 'PARAM_ILLEGAL',
      field: 'paymentRequestId',
      detail: 'paymentRequestId is required.',
    });
  });

  it('keeps a hostile __proto__ from reaching a prototype', () => {
    const draft = payMessage((d) => (d['settlementStrategy'] = null));
    const hostile = JSON.parse(
      JSON.stringify(draft).replace('{', '{"__proto__":{"polluted":true},'),
    ) as Draft;
    const message = read(hostile);
    expect((message as unknown as Draft)['polluted']).toBeUndefined();
    expect(({} as Draft)['polluted']).toBeUndefined();
  });

  it.each([
    ['zero', { currency: 'JPY', value: '0' }, 'zero'],
    ['negative', { currency: 'JPY', value: '-5' }, 'negative'],
    ['negative number', { currency: 'JPY', value: -5 }, 'negative'],
    [
      'decimals in yen',
      { currency: 'JPY', value: '1200.00' },
      'decimal point: JPY 1,200 is "1200"',
    ],
    ['decimals as a number', { currency: 'USD', value: 12.5 }, 'USD 12.50 is "1250"'],
    ['three decimals', { currency: 'KWD', value: '1.250' }, 'KWD 12.500 is "12500"'],
    ['beyond 2^53 as digits', { currency: 'JPY', value: '9007199254740993' }, 'too large'],
    ['beyond 2^53 as a number', { currency: 'JPY', value: 2 ** 60 }, 'too large'],
    ['exponent', { currency: 'JPY', value: '1e3' }, 'digits'],
    ['hexadecimal', { currency: 'JPY', value: '0x10' }, 'digits'],
    ['words', { currency: 'JPY', value: 'many' }, 'digits'],
    ['blank', { currency: 'JPY', value: ' 12' }, 'digits'],
    ['object', { currency: 'JPY', value: {} }, 'digits'],
    ['absent', { currency: 'JPY' }, 'required'],
    ['rupiah with sen', { currency: 'IDR', value: '1500050' }, 'end in 00'],
  ])('refuses an amount that is %s and names its value', (_, amount, words) => {
    const { code, field, detail } = refusal(
      acquirerPayRequest,
      payMessage((draft) => (draft['paymentAmount'] = amount)),
    );
    expect({ code, field }).toEqual({ code: 'PARAM_ILLEGAL', field: 'paymentAmount.value' });
    expect(detail).toContain(words);
  });

  it('names an unknown currency', () => {
    const { field, detail } = refusal(
      acquirerPayRequest,
      payMessage((draft) => (draft['paymentAmount'] = { currency: 'XYZ', value: '1' })),
    );
    expect(field).toBe('paymentAmount.currency');
    expect(detail).toContain('"XYZ"');
  });

  it.each([
    ['payment code', 'PaymentCode', 'paymentMethod.paymentMethodId'],
    ['entry code', 'EntryCode', 'order.env.userAgent'],
    ['no scenario', undefined, 'paymentFactor.inStorePaymentScenario'],
  ])('asks for what the scenario needs: %s', (_, scenario, field) => {
    const draft = payMessage((d) => {
      d['paymentMethod'] = { paymentMethodType: 'CONNECT_WALLET' };
      d['paymentFactor'] = scenario === undefined ? {} : { inStorePaymentScenario: scenario };
    });
    expect(refusal(acquirerPayRequest, draft).field).toBe(field);
  });

  it('limits lengths and lists the other faults', () => {
    const { field, detail } = refusal(
      acquirerPayRequest,
      payMessage((draft) => {
        draft['paymentRequestId'] = 'x'.repeat(65);
        draft['paymentAmount'] = 'twelve';
      }),
    );
    expect(field).toBe('paymentRequestId');
    expect(detail).toContain('longer than 64 characters');
    expect(detail).toContain('Also not valid: paymentAmount');
  });

  it.each([[null], [[]], ['text'], [7], [undefined]])('refuses a body that is %p', (body) => {
    expect(refusal(acquirerPayRequest, body).code).toBe('PARAM_ILLEGAL');
  });
});

describe('other messages', () => {
  it('needs one of two ids to inquire', () => {
    expect(refusal(acquirerInquiryRequest, {}).field).toBe('paymentRequestId');
    expect(readWire(acquirerInquiryRequest, { paymentId: 'pay_1' }).ok).toBe(true);
  });

  it('takes typed amount and initiation id only together', () => {
    const scan = { codeValue: '000201', customerId: 'cus_somchai' };
    expect(readWire(userInitiatedPayRequest, scan).ok).toBe(true);
    const amount = { currency: 'JPY', value: '1200' };
    expect(refusal(userInitiatedPayRequest, { ...scan, paymentAmount: amount }).field).toBe(
      'initiationRequestId',
    );
    expect(
      readWire(userInitiatedPayRequest, {
        ...scan,
        paymentAmount: amount,
        initiationRequestId: 'i-1',
      }).ok,
    ).toBe(true);
  });

  it('refuses to be notified of an unknown outcome', () => {
    const { field } = refusal(walletNotifyRequest, {
      paymentResult: { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' },
      paymentRequestId: 'pay_1',
    });
    expect(field).toBe('paymentResult.resultStatus');
  });

  it('bounds the number of payment codes, text or number, one by default', () => {
    const quantity = (codeQuantity?: unknown): unknown => {
      const body = codeQuantity === undefined ? {} : { codeQuantity };
      const outcome = readWire(getPaymentCodeRequest, { customerId: 'c', ...body });
      return outcome.ok ? outcome.value.codeQuantity : outcome.rejection.field;
    };
    expect([quantity(), quantity('10'), quantity(3), quantity(11), quantity('0')]).toEqual([
      1,
      10,
      3,
      'codeQuantity',
      'codeQuantity',
    ]);
  });

  it('reads a quote price sent as a number and as text alike', () => {
    const base = {
      ...payMessage(),
      acquirerId: 'acq',
      pspId: 'wal',
      payToAmount: { currency: 'THB', value: '28286' },
    };
    for (const quotePrice of ['0.23572', 0.23572]) {
      const outcome = readWire(walletPayRequest, {
        ...base,
        paymentQuote: { quoteCurrencyPair: 'JPY/THB', quotePrice },
      });
      expect(outcome.ok && outcome.value.paymentQuote?.quotePrice).toBe('0.23572');
    }
  });

  it('gives every inbound operation a timeout of 5 or 8 seconds', () => {
    for (const operation of Object.keys(INBOUND_OPERATIONS)) {
      expect([5000, 8000]).toContain(
        OPERATION_TIMEOUTS_MS[operation as keyof typeof INBOUND_OPERATIONS],
      );
    }
  });
});

describe('wire time', () => {
  const instant = Date.UTC(2026, 10, 21, 21, 27, 46);

  it.each([
    ['colon in the offset (Python)', '2026-11-21T21:27:46+00:00', instant],
    ['no colon (PHP)', '2026-11-21T21:27:46+0000', instant],
    ['epoch milliseconds (Java, Go)', String(instant), instant],
    ['two-digit fraction and Z', '2026-11-21T21:27:46.09Z', instant + 90],
    ['other zone', '2026-11-22T04:27:46+07:00', instant],
    ['western zone without colon', '2026-11-21T16:57:46-0430', instant],
    ['microseconds', '2026-11-21T21:27:46.123456Z', instant + 123],
  ])('reads %s', (_, text, expected) => {
    expect(parseWireTime(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-11-21',
    '2026-11-21T21:27:46',
    '2026-02-31T00:00:00Z',
    '2026-11-21T21:61:00Z',
    '1763760466',
    '2026-11-21T21:27:46+25:00',
  ])('does not guess at %p', (text) => {
    expect(parseWireTime(text)).toBeUndefined();
  });

  it('writes what it reads', () => {
    expect(wireTime(instant + 7)).toBe('2026-11-21T21:27:46.007+00:00');
    expect(parseWireTime(wireTime(instant + 7))).toBe(instant + 7);
  });
});
