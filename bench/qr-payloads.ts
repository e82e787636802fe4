import { encodeScheme, type SchemeOrder } from '#domain/qr/index';

const MERCHANT = { merchantName: 'GION MENYA KAWARA', merchantCity: 'KYOTO', mcc: '5812' };

/** Orders of the schemes travellers meet, static and dynamic, a third of them in other scripts. */
const ORDERS: readonly (readonly [scheme: string, order: SchemeOrder])[] = [
  ['promptpay', { use: 'transfer', identifiers: { mobile: '0066812345678' } }],
  [
    'promptpay',
    {
      use: 'bill',
      identifiers: { billerId: '011223344556677', reference1: 'CUSTOMER001', reference2: 'INV001' },
      additional: { '07': 'SCB' },
    },
  ],
  [
    'jpqr',
    {
      ...MERCHANT,
      identifiers: { level1: '0000000000001', level2: '0001', level3: '000001', level4: '000001' },
      language: { '00': 'JA', '01': '祇園麺屋かわら', '02': '京都' },
    },
  ],
  [
    'paynow',
    {
      ...MERCHANT,
      identifiers: { proxyType: '2', proxy: '201403121W', editable: '1', expiry: '20301231' },
      additional: { '01': 'INV-10001' },
    },
  ],
  ['duitnow', { ...MERCHANT, identifiers: { acquirerId: '890053', qrId: 'MDN1631123771365730' } }],
  [
    'qris',
    {
      ...MERCHANT,
      identifiers: { merchantId: 'ID2019002291555', merchantSize: 'UBE' },
      postalCode: '10340',
      additional: { '07': 'A01' },
    },
  ],
  [
    'qrph',
    {
      ...MERCHANT,
      identifiers: { acquirerId: 'GXCHPHM2XXX', merchantId: '217020000054', proxyNotify: '000' },
      additional: { '03': 'SRSU0020', '07': 'GEN00351' },
      unreserved: { '80': { '00': 'com.alipay', '01': 'https://payqr.example/2810100510148851' } },
    },
  ],
  [
    'khqr',
    {
      ...MERCHANT,
      identifiers: { accountId: 'john_smith@devb', accountInformation: '85512233455' },
      currency: 'USD',
      language: { '00': 'km', '01': 'ចន ស្មីន', '02': 'ភ្នំពញ' },
    },
  ],
  [
    'vietqr',
    {
      identifiers: { bankBin: '970416', account: '257678859', service: 'QRIBFTTA' },
      additional: { '08': 'Chuyen tien' },
    },
  ],
  ['fps', { ...MERCHANT, identifiers: { fpsId: '6000509' }, currency: 'HKD' }],
  [
    'pix',
    {
      ...MERCHANT,
      identifiers: { key: '123e4567-e12b-12d1-a456-426655440000' },
      additional: { '05': '***' },
    },
  ],
  [
    'bccard',
    {
      ...MERCHANT,
      identifiers: { merchantId: '100005408' },
      additional: { '05': 'MQ2020000048110', '07': '00000001' },
      language: { '00': 'ko', '01': '나이스샷', '02': '서울 마포구' },
    },
  ],
  [
    'unionpay',
    {
      ...MERCHANT,
      identifiers: { account: '2500034400020344100000000000006' },
      country: 'HK',
      currency: 'HKD',
    },
  ],
];

/** Valid payloads made by our own encoder, each static and with an amount. */
export function payloadSet(): readonly string[] {
  return ORDERS.flatMap(([scheme, order]) =>
    [order, { ...order, amount: '1200' }].map((variant) => {
      const outcome = encodeScheme(scheme, variant);
      if (!outcome.ok) throw new Error(`${scheme}: ${outcome.rejection.detail}`);
      // A fresh flat string, as a payload from a scanner or a request would be.
      return Buffer.from(outcome.value).toString('utf8');
    }),
  );
}
