/**
 * Goal: a file that means two things, breaks a currency's decimals or tries to hurt the reader is
 * refused with the element's path; one that is only written in another manner is read.
 * Method: right files are altered in one place each. The schemas judge the same alterations, so
 * that it shows which rules are ours alone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import currencyCodes from 'currency-codes';
import { writeIsoFile } from '#contracts/iso20022/messages';
import { listCurrencies } from '#domain/currency';
import { altered, isoExample, isoExampleText } from '#testkit/iso-examples';
import { projectRoot } from '../project-root.js';
import { IsoSchemas } from './iso-schemas.js';
import { parseXml } from './parse-xml.js';
import { readIsoFile } from './read-iso-file.js';

const folder = join(projectRoot, '..', 'shared', 'iso20022');

function faultsOf(xml: string | Uint8Array, mostBytes?: number): string[] {
  const reading = readIsoFile(xml, mostBytes);
  return reading.ok ? [] : reading.faults.map(({ path, problem }) => `${path}: ${problem}`);
}

const payments = isoExampleText('pacs.008.001.08');
const statement = isoExampleText('camt.053.001.08');
const net = isoExampleText('camt.088.001.01');

const FIRST = '/Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]';
const AMOUNT = `${FIRST}/IntrBkSttlmAmt`;
const amounts = (text: string, currency: string): string =>
  altered(
    payments,
    '<IntrBkSttlmAmt Ccy="JPY">1200<',
    `<IntrBkSttlmAmt Ccy="${currency}">${text}<`,
  );

describe('amounts', () => {
  it.each([
    ['1000.00', 'JPY', 'is "1000.00" JPY; JPY has no decimals'],
    ['32000.12', 'KRW', 'is "32000.12" KRW; KRW has no decimals'],
    ['1.2345', 'KWD', 'is "1.2345" KWD; KWD has at most 3 decimals'],
    ['5.001', 'IDR', 'is "5.001" IDR; IDR has at most 2 decimals'],
    ['12', 'XYZ', 'has the currency "XYZ", which is not in ISO 4217'],
  ])('%s %s is refused by us though the schema lets it pass', (text, currency, problem) => {
    const xml = amounts(text, currency);
    expect(faultsOf(xml)).toContain(`${AMOUNT}: ${problem}`);
    if (!existsSync(folder)) return;
    const schemas = new IsoSchemas(folder);
    expect(schemas.check(xml)).toEqual([]);
    schemas.dispose();
  });

  it.each(['-1', '1e3', '', '.', '1,5', '1 000', 'NaN', '0x10', '1234567890123456789'])(
    '%j is no amount',
    (text) => {
      expect(faultsOf(amounts(text, 'JPY')).some((fault) => fault.startsWith(AMOUNT))).toBe(true);
    },
  );

  it('have the decimals that the list of ISO 4217 gives each currency', () => {
    // currency-codes is a copy of that list made by others. It lacks these two, which are newer.
    const known = listCurrencies().filter(({ code }) => !['XCG', 'ZWG'].includes(code));
    const right = known.map(({ code }) => [code, currencyCodes.code(code)?.digits ?? 0] as const);
    expect(right.filter(([, digits]) => digits > 0).length).toBeGreaterThan(100);
    for (const [code, digits] of right) {
      // 1234567 minor units in major units: the dot stands `digits` from the right.
      const text =
        digits === 0 ? '1234567' : `${'1234567'.slice(0, -digits)}.${'1234567'.slice(-digits)}`;
      const { header, message } = isoExample('pacs.009.001.08');
      const body = message.body as Extract<typeof message, { name: 'pacs.009.001.08' }>['body'];
      const amount = { currency: code, minor: 1_234_567n };
      const xml = writeIsoFile(header, {
        name: 'pacs.009.001.08',
        body: {
          ...body,
          total: amount,
          transactions: body.transactions.map((one) => ({ ...one, settlementAmount: amount })),
        },
      });
      expect(xml.ok ? xml.value : '').toContain(
        `<IntrBkSttlmAmt Ccy="${code}">${text}</IntrBkSttlmAmt>`,
      );
    }
  });
});

describe('a file is refused', () => {
  const count = '<NbOfTxs>2</NbOfTxs>';
  it.each<[string, string, string | RegExp, string, RegExp]>([
    [
      'whose count is wrong',
      payments,
      count,
      '<NbOfTxs>3</NbOfTxs>',
      /counts 3 transactions and holds 2/,
    ],
    ['whose total is wrong', payments, '>3600<', '>3601<', /total that is not the sum/],
    [
      'whose balances do not meet',
      statement,
      /(<Cd>CLBD<.*?)>0\.000</s,
      '$1>0.001<',
      /Stmt\[1\]: has booked entries/,
    ],
    [
      'with another currency on the account',
      statement,
      /Ccy="KWD"/,
      'Ccy="BHD"',
      /holds BHD on an account in KWD/,
    ],
    ['with a direction and nothing to pay', net, '>1234.567<', '>0<', /net of nought/],
    [
      'whose header names another message',
      payments,
      '>pacs.008.001.08</MsgDefIdr>',
      '>pacs.009.001.08</MsgDefIdr>',
      /\/AppHdr\/MsgDefIdr: says pacs\.009/,
    ],
    [
      'with an amount twice',
      payments,
      /<InstdAmt.*<\/InstdAmt>/,
      '$&$&',
      /\[1\]\/InstdAmt: occurs more than once/,
    ],
    ['without a required part', payments, /<UETR>.*<\/UETR>/, '', /PmtId\/UETR: is missing/],
    [
      'with a UETR of another version',
      payments,
      /(<UETR>.{14})4/,
      '$11',
      /UETR: is ".*"; a UETR is a version 4/,
    ],
    [
      'with a reference too long',
      payments,
      /<EndToEndId>/,
      `<EndToEndId>${'x'.repeat(9)}`,
      /EndToEndId: has 39 characters; at most 35/,
    ],
    [
      'with a reference of other characters',
      payments,
      /<EndToEndId>/,
      '<EndToEndId>é',
      /EndToEndId: is "é/,
    ],
    [
      'with a time that names no instant',
      payments,
      /(<CreDtTm>.*)Z</,
      '$1<',
      /CreDtTm: is ".*", not a time with offset/,
    ],
    [
      'with a day that is none',
      payments,
      '>2026-03-04</IntrBkSttlmDt>',
      '>2026-02-30</IntrBkSttlmDt>',
      /IntrBkSttlmDt: is "2026-02-30"/,
    ],
    ['with an unknown code', payments, '>SHAR<', '>NONE<', /ChrgBr: is "NONE", not one of/],
    ['settled elsewhere', payments, '>CLRG<', '>COVE<', /SttlmMtd: is not CLRG/],
    ['with a rate of nought', payments, '>0.0020588<', '>0.0<', /XchgRate: is "0.0"/],
    [
      'with text beside elements',
      payments,
      '<GrpHdr>',
      '<GrpHdr>7',
      /CdtTrf\/GrpHdr: holds text where/,
    ],
    [
      'with elements inside an amount',
      payments,
      '>1200<',
      '><a>1200</a><',
      /IntrBkSttlmAmt: holds elements/,
    ],
    [
      'of a version not known',
      payments,
      'xsd:pacs.008.001.08"',
      'xsd:pacs.008.001.07"',
      /\/Document: is of urn.*001\.07; this hub reads/,
    ],
    [
      'of no namespace',
      payments,
      /<Document xmlns="[^"]*"/,
      '<Document xmlns=""',
      /\/Document: is of no namespace/,
    ],
    [
      'with two messages',
      payments,
      /<Document [^]*<\/Document>/,
      '$&$&',
      /holds more than one message/,
    ],
    ['without a message', payments, /<Document [^]*<\/Document>/, '', /holds no element Document/],
  ])('%s', (_why, xml, from, to, expected) => {
    const faults = faultsOf(altered(xml, from, to));
    expect(faults).not.toEqual([]);
    expect(faults.join('\n')).toMatch(expected);
  });

  it('and every fault is named at once', () => {
    const twice = altered(amounts('1.5', 'JPY'), '>SHAR<', '>NONE<');
    expect(faultsOf(twice).map((fault) => fault.split(':')[0])).toEqual([
      AMOUNT,
      `${FIRST}/ChrgBr`,
    ]);
  });
});

describe('as XML, a file is refused', () => {
  const doctype = (dtd: string): string => altered(payments, '?>', `?>\n${dtd}`);
  const bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  it.each<[string, string, RegExp]>([
    ['with a document type', doctype('<!DOCTYPE Document>'), /document type/],
    ['with entities', altered(doctype(bomb), '>one<', '>&b;<'), /document type/],
    [
      'with a file to fetch',
      doctype('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      /document type/,
    ],
    ['with an entity nobody declared', altered(payments, '>one<', '>&nbsp;<'), /&nbsp;/],
    ['with a character that XML has not', altered(payments, '>one<', '>&#0;<'), /&#0;/],
    ['with half a character', altered(payments, '>one<', '>&#xD800;<'), /&#xD800;/],
    ['cut off', payments.slice(0, 900), /not well-formed/],
    ['with elements crossed', altered(payments, '</GrpHdr>', '</GrpHd>'), /not well-formed/],
    ['with text behind it', `${payments}x`, /not well-formed/],
    ['with a second root', `${payments}<a/>`, /not well-formed/],
    ['with a prefix of nothing', altered(payments, /ChrgBr>/g, 'q:ChrgBr>'), /prefix/],
    ['nested without end', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`, /not well-formed/],
    [
      'with names that JavaScript minds',
      altered(payments, /Purp>/g, '__proto__>'),
      /not well-formed/,
    ],
    ['in another encoding', altered(payments, 'UTF-8', 'ISO-8859-1'), /ISO-8859-1/],
    ['that is empty', '', /not well-formed/],
  ])('%s', (_why, xml, expected) => {
    expect(faultsOf(xml).join('\n')).toMatch(expected);
  });

  it('that is too large, or not UTF-8', () => {
    const bytes = new TextEncoder().encode(payments);
    expect(faultsOf(bytes)).toEqual([]);
    expect(faultsOf(bytes, bytes.length - 1)).toEqual([
      `/: is larger than ${String(bytes.length - 1)} bytes`,
    ]);
    expect(faultsOf(Buffer.from(altered(payments, '>one<', '>\u00e9<'), 'latin1'))).toEqual([
      '/: is not UTF-8',
    ]);
  });
});

describe('a file is read all the same', () => {
  const file = isoExample('pacs.008.001.08');
  const prefixed = payments
    .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1p:')
    .replaceAll(' xmlns=', ' xmlns:p=');
  it.each<[string, string]>([
    ['with prefixes', prefixed],
    [
      'in another envelope',
      payments
        .replaceAll('BusinessMessage', 'DataPDU')
        .replace('urn:wayfare:iso20022:envelope:1', 'urn:swift:saa'),
    ],
    [
      'with an unknown optional element',
      altered(payments, '</ChrgBr>', '</ChrgBr><Newer><Amt Ccy="JPY">1.5</Amt></Newer>'),
    ],
    [
      'with elements of another namespace',
      altered(payments, '<ChrgBr>', '<ChrgBr xmlns="urn:other">DEBT</ChrgBr><ChrgBr>'),
    ],
    [
      'with comments and character data',
      altered(payments, '>1200<', '><!-- a -->12<![CDATA[0]]>0<'),
    ],
    ['with characters by number', altered(payments, '>one<', '>&#111;n&#x65;<')],
    ['with blanks around an amount', altered(payments, '>1200<', '>\n  +001200 <')],
    ['with a byte order mark and other line ends', `\uFEFF${payments.replaceAll('\n', '\r\n')}`],
    [
      'with another spelling of the time',
      altered(
        payments,
        '<AccptncDtTm>2026-03-02T07:04:05.678Z',
        '<AccptncDtTm>2026-03-02T15:04:05.678901+08:00',
      ),
    ],
    ['with a longer rate', altered(payments, '>0.0020588<', '>0.00205880<')],
  ])('%s', (_how, xml) => {
    expect(xml).not.toBe(payments);
    expect(readIsoFile(xml)).toEqual({ ok: true, value: file });
  });

  it('without a header, as others send it', () => {
    const [bare = ''] = /<Document [^]*<\/Document>/.exec(payments) ?? [];
    expect(readIsoFile(bare)).toEqual({ ok: true, value: { header: null, message: file.message } });
  });
});

it('an XML tree resolves namespaces, not prefixes', () => {
  const tree = parseXml('<p:a xmlns:p="u" xmlns="v"><b p:c="1" d="&lt;"/></p:a>');
  expect(tree).toEqual({
    ok: true,
    value: {
      name: 'a',
      namespace: 'u',
      attributes: {},
      text: '',
      children: [
        { name: 'b', namespace: 'v', attributes: { 'p:c': '1', d: '<' }, text: '', children: [] },
      ],
    },
  });
});
