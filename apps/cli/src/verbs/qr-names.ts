import type { QrFormat } from '#domain/qr/index';

export const FORMAT_NAMES: Readonly<Record<QrFormat, string>> = {
  'emvco-mpm': 'EMVCo merchant-presented code',
  'emvco-cpm': 'EMVCo consumer-presented code',
  'alipayplus-user-code': 'Alipay+-style user code',
  'alipayplus-mpm-url': 'Alipay+-style merchant code address',
  'alipayplus-order-url': 'Alipay+-style order code address',
  'upi-uri': 'UPI payment link',
  'twqr-uri': 'TWQR address',
  'wechat-uri': 'WeChat Pay order address',
  'paypay-url': 'PayPay address',
  'alipay-url': 'Alipay address',
  unknown: 'objects of another format than EMVCo’s',
  unreadable: 'no payment code',
};

/** Objects at the top of a merchant-presented code (EMVCo MPM 1.1, table 3.1). */
export const OBJECT_NAMES: Readonly<Record<string, string>> = {
  '00': 'payload format',
  '01': 'point of initiation',
  '02': 'Visa',
  '03': 'Visa',
  '04': 'Mastercard',
  '05': 'Mastercard',
  '09': 'Discover',
  '10': 'Discover',
  '11': 'American Express',
  '12': 'American Express',
  '13': 'JCB',
  '14': 'JCB',
  '15': 'UnionPay',
  '16': 'UnionPay',
  '52': 'merchant category',
  '53': 'currency',
  '54': 'amount',
  '55': 'tip indicator',
  '56': 'fixed fee',
  '57': 'percentage fee',
  '58': 'country',
  '59': 'merchant name',
  '60': 'merchant city',
  '61': 'postal code',
  '62': 'additional data',
  '63': 'checksum',
  '64': 'merchant information in its own language',
};

export const CHILD_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '62': {
    '01': 'bill',
    '02': 'mobile',
    '03': 'store',
    '04': 'loyalty',
    '05': 'reference',
    '06': 'customer',
    '07': 'terminal',
    '08': 'purpose',
    '09': 'asks for',
    '10': 'tax id',
    '11': 'channel',
  },
  '64': { '00': 'language', '01': 'name', '02': 'city' },
};
