import type { SchemeProfile } from './scheme.js';

/** National schemes of South Asia, the Americas and Africa (docs/qr.md). */
export const OTHER_SCHEMES: readonly SchemeProfile[] = [
  {
    id: 'bharatqr',
    name: 'Bharat QR',
    markets: ['IN'],
    currency: 'INR',
    templates: [
      {
        at: '26',
        use: 'upi',
        guid: 'A000000524',
        onlyAt: ['26'],
        children: { '01': 'payeeVpa', '02': 'minimumAmount' },
      },
      {
        at: '27',
        use: 'reference',
        guid: 'A000000524',
        onlyAt: ['27'],
        children: { '01': 'reference', '02': 'referenceUrl' },
      },
      {
        at: '28',
        use: 'aadhaar',
        guid: 'A000000524',
        onlyAt: ['28'],
        children: { '01': 'aadhaar' },
      },
    ],
    primitives: [{ at: ['08'], name: 'ifscAndAccount', onlyIn: ['IN'] }],
    source: 'Razorpay and PayU developer documentation of Bharat QR',
  },
  {
    id: 'upi',
    name: 'UPI',
    markets: ['IN'],
    currency: 'INR',
    formats: ['upi-uri'],
    source: 'NPCI UPI linking specification, as in Razorpay documentation',
  },
  {
    id: 'lankaqr',
    name: 'LankaQR',
    markets: ['LK'],
    currency: 'LKR',
    templates: [
      {
        at: '26',
        guid: { shape: 'digits28' },
        guidName: 'merchantAccount',
        onlyAt: ['26'],
        onlyIn: ['LK'],
        children: {},
      },
    ],
    source: 'LankaQR codes as published: 26-00 is a number of 28 digits',
  },
  {
    id: 'fonepay',
    name: 'Fonepay',
    markets: ['NP'],
    currency: 'NPR',
    templates: [{ at: '26', guid: 'fonepay.com', children: { '01': 'merchantId' } }],
    source: 'Fonepay codes as published',
  },
  {
    id: 'nepalpay',
    name: 'NepalPay QR',
    markets: ['NP'],
    currency: 'NPR',
    templates: [
      { at: '29', guid: { contains: 'NCHL' }, onlyIn: ['NP'], children: { '01': 'merchantId' } },
    ],
    source: 'NepalPay codes as published',
  },
  {
    id: 'banglaqr',
    name: 'Bangla QR',
    markets: ['BD'],
    currency: 'BDT',
    templates: [
      {
        at: '26',
        guid: 'bd.org.bb.npsb',
        onlyAt: ['26'],
        children: { '01': 'institutionType', '02': 'institutionId', '03': 'account' },
      },
    ],
    source: 'Bangla QR as published; a signature is split across 80 and 81',
  },
  {
    id: 'pix',
    name: 'Pix',
    markets: ['BR'],
    currency: 'BRL',
    templates: [
      {
        at: '26',
        guid: 'br.gov.bcb.pix',
        children: { '01': 'key', '02': 'information', '25': 'url' },
      },
    ],
    allows: { zeroAmount: true },
    source: 'Banco Central do Brasil, Pix initiation manual; 54 may be zero, the payer enters it',
  },
  {
    id: 'paycashless',
    name: 'Paycashless QPI',
    markets: ['NG'],
    currency: 'NGN',
    templates: [
      {
        at: '36',
        guid: 'org.paycashless.qpi',
        children: { '02': 'account', '04': 'bankCode' },
      },
    ],
    source: 'Paycashless published sample',
  },
];
