/**
 * Goal: every code the hub can be shown leads to its issuer, and look-alikes do not. Method: the
 * published shapes of codes (payment code of 24 digits, private order code 281xxx04xxxx) with our
 * own issuer numbers, and their neighbours one digit away.
 */
import { NOODLE_CODE, caseNetwork } from '#testkit/network-cases';
import { merchantCodeKey } from './network-snapshot.js';
import {
  orderCodePrefixOf,
  resolveNationalCode,
  resolveOrderCode,
  resolvePaymentCode,
} from './resolve-code.js';

const network = caseNetwork();

describe('a payment code', () => {
  it('leads to the wallet whose issuer number opens it', () => {
    expect(resolvePaymentCode(network, '259001020123456789012345')).toMatchObject({
      ok: true,
      value: { id: 'truemoney' },
    });
    expect(resolvePaymentCode(network, '259002020123456789012345')).toMatchObject({
      ok: true,
      value: { id: 'kplus' },
    });
  });

  it.each([
    ['an unknown issuer', '251001020123456789012345', 'WALLET_UNKNOWN'],
    ['another business type', '259001010123456789012345', 'INVALID_CODE'],
    ['23 digits', '25900102012345678901234', 'INVALID_CODE'],
    ['25 digits', '2590010201234567890123456', 'INVALID_CODE'],
    ['a letter', '25900102012345678901234x', 'INVALID_CODE'],
    ['digits of another script', '٢59001020123456789012345', 'INVALID_CODE'],
    ['a line break after it', '259001020123456789012345\n', 'INVALID_CODE'],
    ['nothing', '', 'INVALID_CODE'],
  ])('with %s is refused', (_, code, rejection) => {
    expect(resolvePaymentCode(network, code)).toMatchObject({
      ok: false,
      rejection: { code: rejection },
    });
  });
});

describe('a private order code', () => {
  it('leads to the acquirer whose digits open its path', () => {
    // Shape of a published sample: https://qr.alipayplus.com/2816660403930m0p49j110cy1x7QFkz2rqSp
    expect(
      orderCodePrefixOf('https://qr.alipayplus.com/2816660403930m0p49j110cy1x7QFkz2rqSp'),
    ).toBe('281666040393');
    expect(
      resolveOrderCode(network, 'HTTPS://pay.kamogawa.example/281701040001m0p49j110'),
    ).toMatchObject({ ok: true, value: { id: 'acq_kamogawa' } });
  });

  it.each([
    ['of no acquirer', 'https://pay.example/281799049999abc', 'ACQUIRER_MISSING'],
    ['over plain http', 'http://pay.example/281701040001abc', 'INVALID_CODE'],
    ['deeper in the path', 'https://pay.example/x/281701040001abc', 'INVALID_CODE'],
    ['in the query', 'https://pay.example/?281701040001', 'INVALID_CODE'],
    ['without 04', 'https://pay.example/281701050001abc', 'INVALID_CODE'],
  ])('%s is refused', (_, code, rejection) => {
    expect(resolveOrderCode(network, code)).toMatchObject({
      ok: false,
      rejection: { code: rejection },
    });
  });
});

describe('a national code', () => {
  it('leads to its store by the key fields alone', () => {
    const identifiers = { ...NOODLE_CODE, '07': 'not part of the key' };
    expect(resolveNationalCode(network, [{ schemeId: 'jpqr', identifiers }])).toMatchObject({
      ok: true,
      value: { merchant: { id: 'mer_noodles' }, store: { id: 'sto_noodles_1' } },
    });
  });

  it('without an account or with unknown ones says what was tried', () => {
    expect(resolveNationalCode(network, [])).toMatchObject({ ok: false });
    const outcome = resolveNationalCode(network, [
      { schemeId: 'visa', identifiers: {} },
      { schemeId: 'jpqr', identifiers: { '01': '1' } },
    ]);
    expect(outcome).toMatchObject({
      ok: false,
      rejection: {
        code: 'MERCHANT_NOT_REGISTERED',
        detail: expect.stringMatching(/visa.*JPQR 1\.\.\./) as unknown,
      },
    });
  });

  it('keeps a missing field from shifting the next one into its place', () => {
    const fields = ['01', '02'];
    expect(merchantCodeKey(fields, { '01': 'A' })).not.toBe(merchantCodeKey(fields, { '02': 'A' }));
  });
});
