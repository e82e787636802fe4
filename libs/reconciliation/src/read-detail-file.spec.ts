/*
 * Goal: a file is read line by line exactly as the contract says, and a fault is told by line,
 * column and what to write instead.
 * Method: files written by hand or with the contract's own writer, broken at one place each, cut
 * into pieces of every size; `csv-parse` as a peer for cells with quotes.
 */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cellsOf, csvLine } from '#contracts/clearing-files/csv-line';
import {
  detailFileName,
  detailFileText,
  detailTime,
  parseDetailFileName,
  type DetailLine,
} from '#contracts/clearing-files/transaction-detail';
import type { ReadLine } from './detail-line-reading.js';
import { readDetailFile } from './read-detail-file.js';

const NAME = {
  participantId: 'truemoney',
  settlementCurrency: 'THB',
  clearingBatchId: 'cyc_20261121',
  participantAgreementId: 'standard',
  seq: 0,
} as const;

/** By hand, so that the contract's writer is checked too. */
const WHOLE = `totalCount,partCount,paymentCount,refundCount,settlementCurrency,settlementAmountValue,interchangeAmountValue,serviceFeeAmountValue
2,1,1,1,THB,14657,132,25
settlementBatchId,customerId,transactionId,originalTransactionId,transactionRequestId,referenceMerchantId,referenceStoreId,transactionType,paymentTime,transactionAmountValue,transactionCurrency,settlementAmountValue,settlementCurrency,interchangeAmountValue,serviceFeeAmountValue,quoteCurrencyPair,quotePrice,roundingValue,result
cyc_20261121,cust-1,pay_1,,tm-1,mer_noodles,sto_noodles_1,PAYMENT,2026-11-21T11:00:05+08:00,1201,JPY,24657,THB,205,25,JPY/THB,0.2053,0,SUCCESS
cyc_20261121,cust-1,ref_1,pay_1,tm-1r,mer_noodles,sto_noodles_1,REFUND,2026-11-21T12:00:05+08:00,487,JPY,10000,THB,73,0,JPY/THB,0.2053,0,SUCCESS
<END>
`;

const PAYMENT: DetailLine = {
  settlementBatchId: 'cyc_20261121',
  customerId: 'cust-1',
  transactionId: 'pay_1',
  originalTransactionId: '',
  transactionRequestId: 'tm-1',
  referenceMerchantId: 'mer_noodles',
  referenceStoreId: 'sto_noodles_1',
  transactionType: 'PAYMENT',
  paymentTime: detailTime(Date.UTC(2026, 10, 21, 3, 0, 5)),
  transactionAmountValue: '1201',
  transactionCurrency: 'JPY',
  settlementAmountValue: '24657',
  settlementCurrency: 'THB',
  interchangeAmountValue: '205',
  serviceFeeAmountValue: '25',
  quoteCurrencyPair: 'JPY/THB',
  quotePrice: '0.2053',
  roundingValue: '0',
  result: 'SUCCESS',
};
const REFUND: DetailLine = {
  ...PAYMENT,
  transactionId: 'ref_1',
  originalTransactionId: 'pay_1',
  transactionRequestId: 'tm-1r',
  transactionType: 'REFUND',
  paymentTime: detailTime(Date.UTC(2026, 10, 21, 4, 0, 5)),
  transactionAmountValue: '487',
  settlementAmountValue: '10000',
  interchangeAmountValue: '73',
  serviceFeeAmountValue: '0',
};

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function read(text: string | Uint8Array, size = 64) {
  const lines: ReadLine[] = [];
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const outcome = await readDetailFile(NAME, cut(bytes, size), (batch) => {
    lines.push(...batch);
    return Promise.resolve();
  });
  return { outcome, lines };
}

async function faultOf(text: string | Uint8Array): Promise<string> {
  const { outcome } = await read(text);
  return outcome.ok ? 'read' : outcome.rejection.detail;
}

it('writes what it reads', async () => {
  expect(detailFileText([PAYMENT, REFUND], 'THB')).toBe(WHOLE);
  const { outcome, lines } = await read(WHOLE);
  expect(outcome).toMatchObject({ ok: true, value: { lineCount: 2, partCount: 1 } });
  expect(lines).toEqual([
    { lineNo: 4, line: PAYMENT, completedAtMs: Date.UTC(2026, 10, 21, 3, 0, 5) },
    { lineNo: 5, line: REFUND, completedAtMs: Date.UTC(2026, 10, 21, 4, 0, 5) },
  ]);
});

it('reads the same in pieces of any size, with either line end, a mark in front, and quotes', async () => {
  const { lines: expected } = await read(WHOLE);
  const spelled = [
    WHOLE,
    WHOLE.replaceAll('\n', '\r\n'),
    `\uFEFF${WHOLE}`,
    WHOLE.replace('cust-1,pay_1', '"cust-1","pay_1"'),
    WHOLE.trimEnd(),
    `${WHOLE}\n`,
  ];
  for (const text of spelled) {
    for (const size of [1, 7, 1_000_000]) {
      expect((await read(text, size)).lines).toEqual(expected);
    }
  }
  const thai = WHOLE.replaceAll('cust-1', 'ลูกค้า');
  for (const size of [1, 2, 3]) expect((await read(thai, size)).outcome.ok).toBe(true);
});

it('reads an empty set', async () => {
  const { outcome, lines } = await read(detailFileText([], 'THB'));
  expect(outcome).toMatchObject({ ok: true, value: { lineCount: 0 } });
  expect(lines).toEqual([]);
});

it.each([
  ['24657,THB', '246.57,THB', 'line 4, column settlementAmountValue: "246.57": write minor units'],
  ['24657,THB', '-5,THB', 'line 4, column settlementAmountValue: "-5": write minor units'],
  ['1201,JPY', '1201,JPN', 'line 4, column transactionCurrency: "JPN": write an ISO 4217 code'],
  ['PAYMENT', 'Payment', 'line 4, column transactionType: "Payment": write PAYMENT or REFUND'],
  [
    '2026-11-21T11:00:05+08:00',
    '21.11.2026',
    'line 4, column paymentTime: "21.11.2026": write a time',
  ],
  ['0.2053,0,SUCCESS', '0.2053,0,OK', 'line 4, column result: "OK": write SUCCESS or FAILED'],
  ['0.2053,0', ',0', 'line 4, column quotePrice: write pair and price, or neither'],
  ['JPY/THB', 'JPYTHB', 'line 4, column quoteCurrencyPair: "JPYTHB": write a pair'],
  ['pay_1,,', 'pay 1,,', 'line 4, column transactionId: "pay 1": write at most 64 printable'],
  ['pay_1,,', 'pay_1,', 'line 4, column 18: the line has 18 cells, the header 19'],
  ['cust-1,pay', '"cust-1,pay', 'line 4, column 2: a quote is never closed'],
  ['cust-1,pay', 'cu"st-1,pay', 'line 4, column 2: a quote stands inside an unquoted cell'],
  [
    '\ncyc_20261121',
    '\ncyc_20261122',
    'line 4, column settlementBatchId: "cyc_20261122" is another',
  ],
  [
    'quotePrice,',
    'price,',
    'line 3, column 17: "price" stands where the header must have quotePrice',
  ],
  [',result\n', ',result,note\n', 'line 3, column 20: "note" is no column of this file'],
  ['totalCount', 'TotalCount', 'line 1, column 1: "TotalCount" stands where'],
  ['2,1,1,1,THB', '3,1,1,1,THB', 'line 2, column totalCount: "3" is promised, the lines give 2'],
  [
    '14657',
    '14658',
    'line 2, column settlementAmountValue: "14658" is promised, the lines give 14657',
  ],
  ['2,1,1,1,THB', '2,1,1,1,JPY', 'line 2, column settlementCurrency: "JPY": the name says THB'],
  ['2,1,1,1,THB', '2,0,1,1,THB', 'line 2, column partCount: "0": write a number from 1 to 1000'],
  ['<END>\n', '', 'line 6, column 1: the file ends before its last line, <END>'],
  ['<END>\n', '<END>\ncyc\n', 'line 7, column 1: nothing follows <END>'],
  ['\ncyc_20261121', '\n\ncyc_20261121', 'line 4, column 1: the line has 1 cells'],
])('says of %j written as %j where and what', async (right, wrong, detail) => {
  expect(WHOLE).toContain(right);
  expect(await faultOf(WHOLE.replace(right, wrong))).toContain(detail);
});

it('refuses what is no text, and lines without end', async () => {
  const bytes = Buffer.from(WHOLE, 'latin1');
  bytes[bytes.indexOf('cust-1')] = 0xff;
  expect(await faultOf(bytes)).toContain('is not UTF-8 from here on');
  expect(await faultOf('x'.repeat(100_000))).toContain('a line has at most 8192 characters');
  expect(await faultOf('')).toContain('ends before its last line');
});

it('hands lines on in bounded batches', async () => {
  const many = Array.from({ length: 4_500 }, (_, n) => ({
    ...PAYMENT,
    transactionId: `pay_${String(n)}`,
  }));
  const sizes: number[] = [];
  const text = Buffer.from(detailFileText(many, 'THB'), 'utf8');
  const outcome = await readDetailFile(NAME, cut(text, 16_384), (batch) => {
    sizes.push(batch.length);
    return Promise.resolve();
  });
  expect(outcome.ok).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(4_500);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2_200);
});

it('names files so that every part of the name is read back', () => {
  for (const participantId of ['truemoney', 'acq_kamogawa', 'a_b_c']) {
    for (const clearingBatchId of [
      'cyc_20261121',
      'cyc_20261121_t1',
      'cyc_20261121_h07',
    ] as const) {
      const name = { ...NAME, participantId, clearingBatchId, seq: 999 };
      expect(parseDetailFileName(detailFileName(name))).toEqual(name);
    }
  }
  for (const name of [
    'summary_truemoney_THB_cyc_20261121_standard_000.csv',
    'transactionItems_truemoney_thb_cyc_20261121_standard_000.csv',
    'transactionItems_truemoney_THB_cyc_20261121_standard_1000.csv',
    '../transactionItems_truemoney_THB_cyc_20261121_standard_000.csv',
  ]) {
    expect(parseDetailFileName(name)).toBeUndefined();
  }
});

it('splits lines as its peer does', () => {
  const cell = fc.string({ maxLength: 6 }).map((text) => text.replace(/[\r\n]/g, ' '));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
      const line = csvLine(cells);
      expect(cellsOf(line)).toEqual(cells);
      expect(parse(line)[0]).toEqual(cells);
    }),
  );
});
