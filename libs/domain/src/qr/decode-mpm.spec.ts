/**
 * Goal: each rule of EMVCo's merchant-presented mode, and each deviation of live codes, gets the
 * verdict docs/qr.md promises. Method: one code written by hand per rule, differing from a plain
 * valid one in that rule alone; published codes where they exist, with their source.
 */
import { codeByHand as code, objectByHand as o } from './code-by-hand.js';
import { decodeQr, type QrIssueCode } from './index.js';

const A = o('26', o('00', 'com.example.hub') + o('01', 'M0001'));
const START = [o('00', '01'), o('01', '11')];
const END = [o('58', 'JP'), o('59', 'TEST CAFE'), o('60', 'TOKYO')];
const plain = (...more: string[]) =>
  code(...START, A, o('52', '5812'), o('53', '392'), ...more, ...END);
const inCurrency = (currency: string, ...more: string[]) =>
  code(...START, A, o('52', '5812'), o('53', currency), ...more, ...END);

function codesOf(payload: string): string[] {
  return decodeQr(payload).issues.map(({ code: found, path }) =>
    path === '' ? found : `${found} ${path}`,
  );
}

type Case = [what: string, payload: string, verdict: string, issues: string[]];
const fault = (found: QrIssueCode, path: string) => (path === '' ? found : `${found} ${path}`);

const AMOUNTS: Case[] = [
  ['digits', plain(o('54', '1200')), 'accept', []],
  ['a trailing dot', plain(o('54', '98.')), 'accept', []],
  ['leading zeros', plain(o('54', '0098')), 'accept', []],
  ['decimals of the currency', inCurrency('764', o('54', '12.34')), 'accept', []],
  ['three decimals of the dinar', inCurrency('414', o('54', '1.234')), 'accept', []],
  ['a comma', inCurrency('986', o('54', '98,73')), 'reject', [fault('amount-format', '54')]],
  ['an exponent', plain(o('54', '1e3')), 'reject', [fault('amount-format', '54')]],
  ['a sign', plain(o('54', '+5')), 'reject', [fault('amount-format', '54')]],
  ['two dots', inCurrency('764', o('54', '1.2.3')), 'reject', [fault('amount-format', '54')]],
  [
    'no digit before the dot',
    inCurrency('764', o('54', '.50')),
    'reject',
    [fault('amount-format', '54')],
  ],
  ['fullwidth digits', plain(o('54', '１２')), 'reject', [fault('amount-format', '54')]],
  [
    'fourteen characters',
    plain(o('54', '10000000000000')),
    'reject',
    [fault('amount-format', '54')],
  ],
  ['zero', plain(o('54', '0')), 'reject', [fault('amount-zero', '54')]],
  ['zero in decimals', inCurrency('764', o('54', '0.00')), 'reject', [fault('amount-zero', '54')]],
  ['decimals of the yen', plain(o('54', '1200.00')), 'reject', [fault('amount-decimals', '54')]],
  [
    'a third decimal',
    inCurrency('764', o('54', '1.234')),
    'reject',
    [fault('amount-decimals', '54')],
  ],
  [
    'beyond the hub',
    inCurrency('414', o('54', '9999999999999')),
    'reject',
    [fault('amount-too-large', '54')],
  ],
];

const TIPS: Case[] = [
  ['a prompt', plain(o('55', '01')), 'accept', []],
  ['a fixed fee', plain(o('55', '02'), o('56', '100')), 'accept', []],
  ['a percentage', plain(o('55', '03'), o('57', '00.01')), 'accept', []],
  ['99.99 per cent', plain(o('55', '03'), o('57', '99.99')), 'accept', []],
  ['an unknown indicator', plain(o('55', '04')), 'reject', [fault('tip-indicator', '55')]],
  [
    'a fee with a prompt',
    plain(o('55', '01'), o('56', '5')),
    'reject',
    [fault('tip-inconsistent', '56')],
  ],
  ['a fee without indicator', plain(o('56', '5')), 'reject', [fault('tip-inconsistent', '56')]],
  ['no percentage', plain(o('55', '03')), 'reject', [fault('tip-inconsistent', '57')]],
  ['a fee of zero', plain(o('55', '02'), o('56', '0')), 'reject', [fault('tip-fixed', '56')]],
  [
    'a fee with decimals of the yen',
    plain(o('55', '02'), o('56', '1.5')),
    'reject',
    [fault('tip-fixed', '56')],
  ],
  [
    'zero per cent',
    plain(o('55', '03'), o('57', '00.00')),
    'reject',
    [fault('tip-percentage', '57')],
  ],
  [
    'a hundred per cent',
    plain(o('55', '03'), o('57', '100')),
    'reject',
    [fault('tip-percentage', '57')],
  ],
  [
    'a percent sign',
    plain(o('55', '03'), o('57', '5%')),
    'reject',
    [fault('tip-percentage', '57')],
  ],
];

const STRUCTURE: Case[] = [
  ['nothing odd', plain(), 'accept', []],
  ['an unknown object', plain(o('66', 'x')), 'accept', []],
  ['an unknown category', code(...START, A, o('52', '0000'), o('53', '392'), ...END), 'accept', []],
  ['a repeated name', plain(o('59', 'OTHER')), 'reject', [fault('duplicate', '59')]],
  ['a repeated account', plain(A), 'reject', [fault('duplicate', '26')]],
  [
    'a repeated child',
    plain(o('62', o('05', 'a') + o('05', 'b'))),
    'reject',
    [fault('duplicate', '62.05')],
  ],
  [
    'a repeated grandchild',
    plain(o('62', o('50', o('00', 'a') + o('00', 'b')))),
    'reject',
    [fault('duplicate', '62.50.00')],
  ],
  [
    'a repeated child of 80',
    plain(o('80', o('00', 'x') + o('00', 'y'))),
    'reject',
    [fault('duplicate', '80.00')],
  ],
  [
    'a repeated child of 99',
    plain(o('99', o('97', 'x') + o('97', 'y') + o('00', 'g'))),
    'reject',
    [fault('duplicate', '99.97')],
  ],
  ['plain text in 81', plain(o('81', '0E2A0E27')), 'warn', [fault('template-not-tlv', '81')]],
  ['an empty template', plain(o('62', '')), 'warn', [fault('zero-length', '62')]],
  ['an empty child', plain(o('62', o('07', ''))), 'warn', [fault('zero-length', '62.07')]],
  [
    'a long name',
    code(
      ...START,
      A,
      o('52', '5812'),
      o('53', '392'),
      o('58', 'JP'),
      o('59', 'x'.repeat(26)),
      o('60', 'T'),
    ),
    'warn',
    [fault('too-long', '59')],
  ],
  [
    'a long reference',
    plain(o('62', o('05', 'x'.repeat(26)))),
    'warn',
    [fault('too-long', '62.05')],
  ],
  [
    'a long identifier',
    plain(o('27', o('00', 'g'.repeat(33)))),
    'warn',
    [fault('too-long', '27.00')],
  ],
  [
    'an account template without scheme beside a good one',
    plain(o('27', o('01', 'x'))),
    'warn',
    [fault('guid-missing', '27')],
  ],
  [
    'a language template without name',
    plain(o('64', o('00', 'JA'))),
    'warn',
    [fault('missing', '64.01')],
  ],
  [
    'an odd point of initiation',
    code(o('00', '01'), o('01', '13'), A, o('52', '5812'), o('53', '392'), ...END),
    'warn',
    [fault('bad-format', '01')],
  ],
  ['no category', code(...START, A, o('53', '392'), ...END), 'warn', [fault('missing', '52')]],
  [
    'no country',
    code(...START, A, o('52', '5812'), o('53', '392'), o('59', 'T'), o('60', 'T')),
    'warn',
    [fault('missing', '58')],
  ],
  [
    'no currency and no amount',
    code(...START, A, o('52', '5812'), ...END),
    'warn',
    [fault('missing', '53')],
  ],
  [
    'an amount without currency',
    code(...START, A, o('52', '5812'), o('54', '5'), ...END),
    'reject',
    [fault('missing', '53'), fault('currency-missing', '53')],
  ],
  ['a currency that is none', inCurrency('000'), 'reject', [fault('currency-unknown', '53')]],
  ['a currency in letters', inCurrency('JPY'), 'reject', [fault('currency-unknown', '53')]],
  [
    'no account',
    code(...START, o('52', '5812'), o('53', '392'), ...END),
    'reject',
    ['account-missing'],
  ],
  [
    'an account in 80 only',
    code(...START, o('52', '5812'), o('53', '392'), ...END, o('80', o('00', 'x'))),
    'reject',
    ['account-missing'],
  ],
  [
    'an empty account',
    code(...START, o('02', ''), o('52', '5812'), o('53', '392'), ...END),
    'reject',
    [fault('zero-length', '02'), 'account-missing'],
  ],
  [
    '00 of another version',
    code(o('00', '02'), A, o('52', '5812'), o('53', '392'), ...END),
    'reject',
    [fault('payload-format-unsupported', '00')],
  ],
  [
    '00 not first',
    code(o('01', '11'), o('00', '01'), A, o('52', '5812'), o('53', '392'), ...END),
    'reject',
    [fault('payload-format-not-first', '00')],
  ],
  ['a control character', plain(o('62', o('08', 'a\u001bb'))), 'warn', ['control-character']],
  ['a turned direction', plain(o('62', o('08', 'a\u202eb'))), 'warn', ['control-character']],
  [
    'over 512 characters',
    plain(
      o('90', o('00', 'g') + o('01', 'x'.repeat(80))),
      o('91', o('00', 'g') + o('01', 'x'.repeat(80))),
      o('92', o('00', 'g') + o('01', 'x'.repeat(80))),
      o('93', o('00', 'g') + o('01', 'x'.repeat(80))),
      o('94', o('00', 'g') + o('01', 'x'.repeat(80))),
    ),
    'warn',
    ['payload-long'],
  ],
];

const ENDS: Case[] = [
  ['truncated in a value', plain().slice(0, -10), 'reject', ['tlv-overrun']],
  ['truncated in a header', plain().slice(0, -6), 'reject', ['tlv-header']],
  ['truncated before the checksum', plain().slice(0, -8), 'reject', [fault('crc-missing', '63')]],
  ['a newline behind it', `${plain()}\n`, 'reject', ['tlv-header', 'control-character']],
  ['a wrong checksum', `${plain().slice(0, -4)}0000`, 'reject', [fault('crc-mismatch', '63')]],
  [
    'a checksum with letters beyond F',
    `${plain().slice(0, -4)}12G4`,
    'reject',
    [fault('crc-malformed', '63')],
  ],
  [
    'a checksum of two digits',
    `${plain().slice(0, -8)}630212`,
    'reject',
    [fault('crc-malformed', '63')],
  ],
];

describe.each([
  ['amounts', AMOUNTS],
  ['tips', TIPS],
  ['structure', STRUCTURE],
  ['ends', ENDS],
] as const)('merchant-presented codes: %s', (_, cases) => {
  it.each(cases)('%s', (_what, payload, verdict, issues) => {
    expect({ verdict: decodeQr(payload).verdict, issues: codesOf(payload) }).toEqual({
      verdict,
      issues,
    });
  });
});
