import type { SchemeProfile } from './scheme.js';

/** Card networks: plain objects by EMVCo's own table (MPM 4.7.3), AIDs in consumer codes. */
export const CARD_SCHEMES: readonly SchemeProfile[] = [
  {
    id: 'unionpay',
    name: 'UnionPay',
    markets: [],
    primitives: [
      {
        at: ['15', '16'],
        name: 'account',
        parts: [
          ['acquirerId', 8],
          ['forwarderId', 8],
          ['merchantId', 15],
        ],
      },
    ],
    aids: ['A000000333'],
    source: 'UnionPay codes as published: 31 characters, two institution numbers and the merchant',
  },
  {
    id: 'visa',
    name: 'Visa',
    markets: [],
    primitives: [{ at: ['02', '03'], name: 'account' }],
    aids: ['A000000003'],
    source: 'EMVCo MPM, merchant account information 02 and 03',
  },
  {
    id: 'mastercard',
    name: 'Mastercard',
    markets: [],
    primitives: [{ at: ['04', '05'], name: 'account' }],
    aids: ['A000000004'],
    source: 'EMVCo MPM, merchant account information 04 and 05',
  },
  {
    id: 'rupay',
    name: 'RuPay',
    markets: ['IN'],
    primitives: [{ at: ['06', '07'], name: 'account', onlyIn: ['IN'] }],
    aids: ['A000000524'],
    source: 'Bharat QR, object 06',
  },
  {
    id: 'discover',
    name: 'Discover',
    markets: [],
    primitives: [{ at: ['09', '10'], name: 'account' }],
    source: 'EMVCo MPM, merchant account information 09 and 10',
  },
  {
    id: 'amex',
    name: 'American Express',
    markets: [],
    primitives: [{ at: ['11', '12'], name: 'account' }],
    source: 'EMVCo MPM, merchant account information 11 and 12',
  },
  {
    id: 'jcb',
    name: 'JCB',
    markets: [],
    primitives: [{ at: ['13', '14'], name: 'account' }],
    source: 'EMVCo MPM, merchant account information 13 and 14',
  },
];
