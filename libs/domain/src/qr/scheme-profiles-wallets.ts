import type { SchemeProfile, SchemeTemplate } from './scheme.js';

const wallet = (
  id: string,
  name: string,
  market: string,
  guids: readonly [string, ...string[]],
  children: SchemeTemplate['children'] = { '01': 'merchantId', '02': 'terminalId' },
): SchemeProfile => ({
  id,
  name,
  markets: [market],
  templates: [{ at: '26', guid: guids[0], alsoGuids: guids.slice(1), children }],
  source: 'published codes of that acquirer',
});

/** Wallets and acquirers that own an account template or an address of their own. */
export const WALLET_SCHEMES: readonly SchemeProfile[] = [
  {
    id: 'alipayplus',
    name: 'Alipay+',
    markets: [],
    templates: [{ at: '26', guid: { contains: 'alipayplus' }, children: { '01': 'url' } }],
    formats: ['alipayplus-user-code', 'alipayplus-mpm-url', 'alipayplus-order-url'],
    source: 'Alipay+ public documentation, code format and private order code',
  },
  {
    id: 'alipay',
    name: 'Alipay',
    markets: ['CN'],
    templates: [{ at: '26', guid: 'com.alipay', children: { '01': 'url' } }],
    formats: ['alipay-url'],
    source: 'published codes: seen in 27 (ID), 49 (NP) and 80 (PH)',
  },
  {
    id: 'wechatpay',
    name: 'WeChat Pay',
    markets: ['CN'],
    templates: [
      {
        at: '26',
        guid: 'COM.QQ.WEIXIN.PAY',
        children: { '01': 'merchantId', '02': 'reference' },
      },
    ],
    primitives: [{ at: ['17'], name: 'merchantData', onlyIn: ['MN'] }],
    formats: ['wechat-uri'],
    source: 'SGQR sample, Mongolian codes, native weixin:// order codes',
  },
  {
    id: 'paypay',
    name: 'PayPay',
    markets: ['JP'],
    currency: 'JPY',
    formats: ['paypay-url'],
    source: 'only its own address is known; in EMVCo codes it rides on JPQR',
  },
  wallet('nets', 'NETS', 'SG', ['SG.COM.NETS'], {
    '01': 'qrIdentifier',
    '02': 'merchantId',
    '03': 'terminalId',
    '09': 'amountModifier',
    '99': 'signature',
  }),
  wallet('grabpay', 'GrabPay', 'SG', ['COM.GRAB']),
  wallet('paylah', 'DBS PayLah!', 'SG', ['COM.DBS']),
  wallet('dash', 'Singtel Dash', 'SG', ['SG.COM.DASH.WWW']),
  wallet('ocbc', 'OCBC Pay Anyone', 'SG', ['SG.COM.OCBC']),
  wallet('ezlink', 'EZ-Link', 'SG', ['SG.COM.EZLINK', 'SG.EZI']),
  wallet('uob', 'UOB Mighty', 'SG', ['SG.COM.UOB']),
  wallet('shopeepay', 'ShopeePay (AirPay)', 'VN', ['vn.airpay.www', 'SG.AIRPAY']),
  wallet('maya', 'Maya', 'PH', ['com.paymaya']),
];
