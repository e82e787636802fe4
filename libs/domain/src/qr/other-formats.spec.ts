/**
 * Goal: codes that are not EMVCo's merchant-presented ones are read, written and refused by
 * their own rules. Method: samples from the public documentation with one thing changed each;
 * ber-tlv as an independent reader of consumer-presented codes.
 */
import { TlvFactory } from 'ber-tlv';
import {
  decodeQr,
  encodeCpm,
  encodeMpmUrl,
  encodeOrderUrl,
  encodeUpi,
  encodeUserCode,
  qrToJson,
  type CpmObject,
} from './index.js';

const json = (payload: string) => qrToJson(decodeQr(payload));
const issuesOf = (payload: string) =>
  decodeQr(payload).issues.map(({ code, path }) => `${code} ${path}`.trim());

const hex = (...bytes: string[]) => Buffer.from(bytes.join(''), 'hex').toString('base64');
const CPV01 = '85054350563031';
const APP = '61094f07a0000000031010';

describe('consumer-presented codes', () => {
  it.each([
    ['two applications', hex(CPV01, APP, APP), 'accept', []],
    [
      'long length forms',
      hex(CPV01, '6181', '80', '4f07a0000000031010', '63', '75', 'ab'.repeat(117)),
      'accept',
      [],
    ],
    ['no application', hex(CPV01, '6203500141'), 'reject', ['application-count 61']],
    ['three applications', hex(CPV01, APP, APP, APP), 'reject', ['application-count 61']],
    ['another version', hex('85054350563032', APP), 'reject', ['version-unsupported 85']],
    ['no application id', hex(CPV01, '6103500141'), 'reject', ['aid-missing 61']],
    [
      'a repeated object',
      hex(CPV01, '610f4f07a0000000031010', '500141', '500142'),
      'reject',
      ['duplicate 61.50'],
    ],
    [
      'an object in both templates',
      hex(CPV01, '610c4f07a0000000031010', '500141', '6203500142'),
      'reject',
      ['duplicate 61.50'],
    ],
    ['a value beyond the end', hex(CPV01, '61ff'), 'reject', ['ber-malformed']],
    ['a template that is none', hex(CPV01, APP, '6202ff01'), 'reject', ['ber-malformed 62']],
    ['a short application id', hex(CPV01, '61064f04a0000001'), 'warn', ['bad-format 61.4F']],
    [
      'no padding',
      hex(CPV01, '610a4f08a000000003101000').replace(/=+$/, ''),
      'warn',
      ['base64-not-canonical'],
    ],
    [
      'a character outside base64',
      `${hex(CPV01, APP).slice(0, -2)}*A`,
      'reject',
      ['base64-malformed'],
    ],
  ])('%s', (_, payload, verdict, issues) => {
    expect(payload.startsWith('hQVDUFY')).toBe(true);
    expect({ verdict: decodeQr(payload).verdict, issues: issuesOf(payload) }).toEqual({
      verdict,
      issues,
    });
  });

  it('agree with ber-tlv, and name scheme and last digits', () => {
    const objects: CpmObject[] = [
      { tag: '4F', hex: 'A0000000031010' },
      { tag: '50', hex: '56495341' },
    ];
    const made = encodeCpm({
      applications: [objects],
      common: [{ tag: '5A', hex: '476173900101001F' }],
    });
    if (!made.ok) throw new Error(made.rejection.detail);
    const peer = TlvFactory.parse(Buffer.from(made.value, 'base64'));
    expect(peer.map(({ tag }: { tag: string }) => tag)).toEqual(['85', '61', '62']);
    expect(json(made.value)).toMatchObject({
      verdict: 'accept',
      aids: ['A0000000031010'],
      applications: [{ aid: 'A0000000031010', label: 'VISA', lastFour: '1001' }],
      schemes: [{ scheme: 'visa' }],
    });
  });

  it('are not written when they would be refused', () => {
    expect(encodeCpm({ applications: [] })).toMatchObject({ ok: false });
    expect(encodeCpm({ applications: [[{ tag: '50', hex: '41' }]] })).toMatchObject({ ok: false });
    expect(encodeCpm({ applications: [[{ tag: '4F', hex: 'zz' }]] })).toMatchObject({ ok: false });
  });
});

describe('user codes', () => {
  it.each([
    ['24 digits', '251001020123456789012345', 'accept', []],
    [
      'another business type',
      '251001990123456789012345',
      'reject',
      ['business-type businessTypeIdentifier'],
    ],
    ['17 legacy digits', `28${'1'.repeat(15)}`, 'accept', []],
    ['19 legacy digits', `289${'0'.repeat(16)}`, 'accept', []],
    ['a reserved length', '2'.repeat(28), 'reject', ['code-reserved']],
    ['18 digits of somebody else', `13${'1'.repeat(16)}`, 'reject', ['unknown-format']],
  ])('%s', (_, payload, verdict, issues) => {
    expect({ verdict: decodeQr(payload).verdict, issues: issuesOf(payload) }).toEqual({
      verdict,
      issues,
    });
  });

  it('are written from the digits of the caller', () => {
    expect(encodeUserCode('251001', '0123456789012345')).toEqual({
      ok: true,
      value: '251001020123456789012345',
    });
    expect(encodeUserCode('25100', '0123456789012345')).toMatchObject({ ok: false });
    expect(encodeUserCode('000201', '0123456789012345')).toMatchObject({ ok: false });
  });
});

describe('addresses', () => {
  it.each([
    ['an order code', 'https://qr.example.com/281666040393abc', 'accept', 'alipayplus-order-url'],
    [
      'an order code without its 04',
      'https://qr.example.com/281666050393abc',
      'reject',
      'unreadable',
    ],
    [
      'an order code on a disguised host',
      'https://qr.alipayplus.com@evil.example/281666040393abc',
      'reject',
      'unreadable',
    ],
    ['an order code without TLS', 'http://qr.example.com/281666040393abc', 'reject', 'unreadable'],
    [
      'a merchant code of version 2',
      'HTTPS://QR.EXAMPLE.COM/MPM/2/R1BMRDAwOVBMVlMwMDIwMQ==',
      'reject',
      'alipayplus-mpm-url',
    ],
    [
      'a merchant code that is no base64',
      'HTTPS://QR.EXAMPLE.COM/MPM/3/*',
      'reject',
      'alipayplus-mpm-url',
    ],
    [
      'a merchant code cut short',
      'HTTPS://QR.EXAMPLE.COM/MPM/3/R1BMRDA5OVBMVlMwMDIwMQ==',
      'reject',
      'alipayplus-mpm-url',
    ],
    ['a PayPay code', 'https://qr.paypay.ne.jp/p2p01_abcdefgh', 'accept', 'paypay-url'],
    ['a UPI link', 'upi://pay?pa=shop@bank&pn=Tea%20House&am=10.50&cu=INR', 'accept', 'upi-uri'],
    ['a UPI link with two payees', 'upi://pay?pa=shop@bank&pa=thief@bank', 'reject', 'upi-uri'],
    ['a UPI link without payee', 'upi://pay?pn=x', 'reject', 'upi-uri'],
    ['a UPI amount with a comma', 'upi://pay?pa=a@b&am=10,5', 'reject', 'upi-uri'],
    ['a UPI amount of zero', 'upi://pay?pa=a@b&am=0.00', 'reject', 'upi-uri'],
    ['a UPI amount in dollars', 'upi://pay?pa=a@b&am=1&cu=USD', 'reject', 'upi-uri'],
    ['a broken percent-encoding', 'upi://pay?pa=a@b&pn=%E6%9', 'reject', 'upi-uri'],
    ['a UPI mandate', 'upi://mandate?pa=a@b', 'reject', 'unreadable'],
    ['a plain TWQR address', 'TWQRP://shop/158/01/V1?D1=39900&D10=901', 'accept', 'twqr-uri'],
    ['a TWQR amount of zero', 'TWQRP://shop/158/01/V1?D1=0', 'reject', 'twqr-uri'],
    ['a TWQR amount that is none', 'TWQRP://shop/158/01/V1?D1=39.9', 'reject', 'twqr-uri'],
    ['a TWQR address in dollars', 'TWQRP://shop/158/01/V1?D1=5&D10=840', 'reject', 'twqr-uri'],
    ['a TWQR address without its parts', 'TWQRP://shop', 'reject', 'twqr-uri'],
    ['a WeChat address without token', 'weixin://wxpay/bizpayurl', 'reject', 'wechat-uri'],
  ])('%s', (_, payload, verdict, format) => {
    expect(decodeQr(payload)).toMatchObject({ verdict, format });
  });

  it('carry amounts in minor units', () => {
    expect(json('upi://pay?pa=a@b&pn=Tea+House&am=10.5')).toMatchObject({
      amountMinor: 1050,
      pn: 'Tea House',
    });
    expect(json('TWQRP://s/158/01/V1?D1=39900')).toMatchObject({
      amountMinor: 39900,
      currencyAlpha: 'TWD',
    });
    expect(json('upi://pay?pa=a@b&am=10.555')).toMatchObject({ amountMinor: null });
  });

  it('are read back as they were written', () => {
    const order = encodeOrderUrl('qr.example.com', '281666040393', 'T0k3n');
    expect(order).toEqual({ ok: true, value: 'https://qr.example.com/281666040393T0k3n' });
    expect(encodeOrderUrl('qr.example.com', '281666050393', 'x')).toMatchObject({ ok: false });
    expect(encodeOrderUrl('a b', '281666040393', 'x')).toMatchObject({ ok: false });

    const mpm = encodeMpmUrl({
      domain: 'QR.EXAMPLE.COM',
      merchant: { '01': 'P', '02': '東京' },
      issuer: { '01': 'I' },
    });
    if (!mpm.ok) throw new Error(mpm.rejection.detail);
    expect(json(mpm.value)).toMatchObject({
      verdict: 'accept',
      objects: { PLVS: '01', CDSD: { '01': 'P', '02': '東京' }, CIRD: { '01': 'I' } },
    });

    const upi = encodeUpi({ pa: 'shop@bank', pn: 'Tea & Cake', am: '10.50', cu: 'INR' });
    if (!upi.ok) throw new Error(upi.rejection.detail);
    expect(json(upi.value)).toMatchObject({ pa: 'shop@bank', pn: 'Tea & Cake', amountMinor: 1050 });
    expect(encodeUpi({ pa: 'nobody' })).toMatchObject({ ok: false });
  });
});
