/**
 * Goal: codes made by the encoders schemes publish or people really use are read as what they
 * were made of, and ours write the same text where the order of objects agrees. Method: eight
 * independent encoders, each with the values it was given as the expectation.
 */
import { BakongKHQR, IndividualInfo, khqrData } from 'bakong-khqr';
import PaynowQR from 'paynowqr';
import { createStaticPix, hasError } from 'pix-utils';
import { generate } from 'promptparse';
import promptpay from 'promptpay-qr';
import upiqr from 'upiqr';
import { QRPay } from 'vietnam-qr-pay';
import { decodeQr, encodeScheme, qrToJson, type SchemeOrder } from './index.js';

const json = (payload: string) => qrToJson(decodeQr(payload));

function ours(scheme: string, order: SchemeOrder): string {
  const outcome = encodeScheme(scheme, order);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

describe('PromptPay', () => {
  it('as promptpay-qr writes it', () => {
    expect(json(promptpay('081-234-5678', { amount: 30 }))).toMatchObject({
      verdict: 'warn',
      amountMinor: 3000,
      currencyAlpha: 'THB',
      schemes: [{ scheme: 'promptpay', use: 'transfer', identifiers: { mobile: '0066812345678' } }],
    });
    expect(json(promptpay('1234567890123', {}))).toMatchObject({
      amount: null,
      schemes: [{ identifiers: { nationalId: '1234567890123' } }],
    });
  });

  it('as promptparse writes it, to the character', () => {
    const order: SchemeOrder = {
      use: 'bill',
      identifiers: { billerId: '011223344556677', reference1: 'CUSTOMER001', reference2: 'INV001' },
    };
    const theirs = generate.billPayment({
      billerId: '011223344556677',
      ref1: 'CUSTOMER001',
      ref2: 'INV001',
    });
    expect(ours('promptpay', order)).toBe(theirs);
    expect(json(theirs)).toMatchObject({
      schemes: [{ use: 'bill', identifiers: order.identifiers }],
    });
  });
});

describe('PayNow', () => {
  it('as paynowqr writes it, to the character', () => {
    const theirs = new PaynowQR({
      uen: '201403121W',
      amount: 500,
      editable: true,
      expiry: '20301231',
      refNumber: 'TQINV-10001',
      company: 'ACME Pte Ltd.',
    }).output();
    const order: SchemeOrder = {
      identifiers: { proxyType: '2', proxy: '201403121W', editable: '1', expiry: '20301231' },
      pointOfInitiation: 'dynamic',
      amount: '500',
      merchantName: 'ACME Pte Ltd.',
      merchantCity: 'Singapore',
      additional: { '01': 'TQINV-10001' },
    };
    expect(ours('paynow', order)).toBe(theirs);
    expect(json(theirs)).toMatchObject({
      verdict: 'accept',
      amountMinor: 50_000,
      schemes: [{ scheme: 'paynow', identifiers: order.identifiers }],
    });
  });
});

describe('Pix', () => {
  it('as pix-utils writes it', () => {
    const pix = createStaticPix({
      merchantName: 'Fulano de Tal',
      merchantCity: 'Brasilia',
      pixKey: 'fulano@example.com',
      infoAdicional: 'cafe',
      transactionAmount: 1.5,
    });
    if (hasError(pix)) throw new Error('pix-utils refused its own sample');
    expect(json(pix.toBRCode())).toMatchObject({
      verdict: 'accept',
      amountMinor: 150,
      merchantName: 'FULANO DE TAL',
      schemes: [{ scheme: 'pix', identifiers: { key: 'fulano@example.com', information: 'cafe' } }],
    });
  });
});

describe('VietQR', () => {
  it('as vietnam-qr-pay writes it, to the character', () => {
    const theirs = QRPay.initVietQR({
      bankBin: '970416',
      bankNumber: '257678859',
      amount: '10000',
      purpose: 'Chuyen tien',
    }).build();
    const order: SchemeOrder = {
      identifiers: { bankBin: '970416', account: '257678859', service: 'QRIBFTTA' },
      amount: '10000',
      additional: { '08': 'Chuyen tien' },
    };
    expect(ours('vietqr', order)).toBe(theirs);
    expect(json(theirs)).toMatchObject({
      verdict: 'warn',
      amountMinor: 10_000,
      schemes: [{ scheme: 'vietqr', identifiers: order.identifiers }],
    });
  });
});

describe('KHQR', () => {
  it('as bakong-khqr writes it', () => {
    // Its encoder wants an expiry in the future; ours never looks at a clock.
    const optional = {
      currency: khqrData.currency.usd,
      amount: 1.5,
      expirationTimestamp: Date.now() + 600_000,
      merchantNameAlternateLanguage: 'ចន ស្មីន',
      merchantCityAlternateLanguage: 'ភ្នំពញ',
      languagePreference: 'km',
    };
    const made = new BakongKHQR().generateIndividual(
      new IndividualInfo('john_smith@devb', 'John Smith', 'PHNOM PENH', optional),
    );
    expect(json(made.data?.qr ?? '')).toMatchObject({
      verdict: 'accept',
      amountMinor: 150,
      language: { '00': 'km', '01': 'ចន ស្មីន', '02': 'ភ្នំពញ' },
      schemes: [
        { scheme: 'khqr', use: 'individual', identifiers: { accountId: 'john_smith@devb' } },
      ],
    });
  });
});

describe('UPI', () => {
  it('as upiqr writes it', async () => {
    const { intent } = await upiqr({
      payeeVPA: 'shop@upi',
      payeeName: 'Tea House',
      amount: '100.50',
      transactionNote: 'tea & cake',
    });
    expect(json(intent)).toMatchObject({
      verdict: 'accept',
      pa: 'shop@upi',
      pn: 'Tea House',
      tn: 'tea & cake',
      amountMinor: 10_050,
    });
  });
});
