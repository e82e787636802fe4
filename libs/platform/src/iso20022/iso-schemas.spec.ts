/**
 * Goal: a wrong message is never written, the schemas catch what is theirs without leaking memory,
 * and the reference banks track by is the payment's id in another spelling.
 * Method: right messages changed in one place, the published schemas, ids made and spelt back.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diag } from 'libxml2-wasm';
import type { CustomerCreditTransfer } from '#contracts/iso20022/pacs-008';
import { writeIsoFile } from '#contracts/iso20022/messages';
import { uetrOf } from '#contracts/iso20022/uetr';
import { makeId } from '#domain/ids';
import { altered, isoExample, isoExampleText } from '#testkit/iso-examples';
import { projectRoot } from '../project-root.js';
import { IsoSchemas } from './iso-schemas.js';

const folder = join(projectRoot, '..', 'shared', 'iso20022');
const withSchemas = existsSync(folder) ? it : it.skip;
const payments = isoExampleText('pacs.008.001.08');
const statement = isoExampleText('camt.053.001.08');
const net = isoExampleText('camt.088.001.01');

describe('nothing wrong is written', () => {
  const { header, message } = isoExample('pacs.008.001.08');
  const body = message.body as CustomerCreditTransfer;
  const [first] = body.transactions;
  it.each<[string, Partial<CustomerCreditTransfer['transactions'][number]>, RegExp]>([
    ['a reference too long', { endToEndId: 'x'.repeat(36) }, /EndToEndId: has 36 characters/],
    ['a reference of other characters', { endToEndId: 'pay#1' }, /EndToEndId: is "pay#1"/],
    [
      'an amount below nought',
      { settlementAmount: { currency: 'JPY', minor: -1n } },
      /is negative/,
    ],
    [
      'an amount too long',
      { settlementAmount: { currency: 'JPY', minor: 10n ** 18n } },
      /more than 18 digits/,
    ],
    [
      'a currency nobody knows',
      { settlementAmount: { currency: 'XYZ', minor: 1n } },
      /"XYZ", which is not in ISO 4217/,
    ],
    [
      'a name too long',
      { creditor: { id: 'mer_1', name: 'n'.repeat(141) } },
      /Cdtr\/Nm: has 141 characters/,
    ],
    [
      'a character that XML has not',
      { remittance: ['\u0000'] },
      /RmtInf\/Ustrd\[1\]: holds a character/,
    ],
    ['half a character', { remittance: ['ok', '\uD83D'] }, /RmtInf\/Ustrd\[2\]: holds a character/],
    [
      'a time beyond four-digit years',
      { acceptedAtMs: 10 ** 15 },
      /AccptncDtTm: is 1000000000000000/,
    ],
  ])('%s', (_why, change, expected) => {
    const transactions = [{ ...first!, ...change }, body.transactions[1]!];
    const xml = writeIsoFile(header, { name: 'pacs.008.001.08', body: { ...body, transactions } });
    expect(xml.ok).toBe(false);
    expect(
      xml.ok ? '' : xml.faults.map(({ path, problem }) => `${path}: ${problem}`).join(),
    ).toMatch(expected);
  });

  it('no header over another message, and no message without transactions', () => {
    const { total: _, ...totalless } = body;
    const empty = { ...totalless, count: 0, transactions: [] };
    const xml = writeIsoFile(header, { name: 'pacs.008.001.08', body: empty });
    expect(xml).toMatchObject({
      ok: false,
      faults: [{ path: '/Document/FIToFICstmrCdtTrf/CdtTrfTxInf' }],
    });
    expect(
      writeIsoFile({ ...header, messageDefinition: 'pacs.009.001.08' }, message),
    ).toMatchObject({
      ok: false,
      faults: [{ path: '/AppHdr/MsgDefIdr' }],
    });
  });
});

describe('the reference that banks track by', () => {
  it('is a version 4 UUID from which the payment id can be had back', () => {
    const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
    for (let i = 0; i < 200; i++) {
      const random = Uint8Array.from({ length: 10 }, (_, j) => (i * 37 + j * 101) % 256);
      const id = makeId('pay_', 1_700_000_000_000 + i * 7_919_000, random);
      const uetr = uetrOf(id) ?? '';
      expect(uetr).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      // The other way round: drop the six fixed bits, spell the rest in 26 letters of five bits.
      const bits = [...uetr.replaceAll('-', '')]
        .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
        .join('');
      const free = `${bits.slice(0, 48)}${bits.slice(52, 64)}${bits.slice(66)}`.padStart(130, '0');
      const letters = (free.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]);
      expect(`pay_${letters.join('')}`).toBe(id);
    }
  });

  it('is not made up for an id of another form', () => {
    expect(uetrOf('pay_1')).toBeUndefined();
    expect(uetrOf(`pay_${'z'.repeat(26)}`)).toBeUndefined();
    expect(uetrOf(`PAY_${'0'.repeat(26)}`)).toBeUndefined();
  });
});

describe('the schemas at runtime', () => {
  withSchemas('refuse what is not theirs, in header and document (needs ../shared)', () => {
    const schemas = new IsoSchemas(folder);
    const wrong = (from: string | RegExp, to: string) =>
      schemas.check(altered(payments, from, to)).map(({ path, problem }) => `${path}: ${problem}`);
    expect(schemas.check(payments)).toEqual([]);
    expect(wrong('>1200<', '>1200.123456<').join()).toMatch(/IntrBkSttlmAmt.*fractionDigits/s);
    expect(wrong(/<ChrgBr>.*<\/ChrgBr>/, '').join()).toMatch(/ChrgBr/);
    expect(wrong(/<BizMsgIdr>.*<\/BizMsgIdr>/, '').join()).toMatch(/BizMsgIdr/);
    expect(wrong('?>', '?><!DOCTYPE a>')).toEqual(['/: declares a document type']);
    expect(wrong('</GrpHdr>', '').join()).toMatch(/mismatch/);
    expect(wrong('xsd:pacs.008.001.08"', 'xsd:pain.001.001.03"').join()).toMatch(/does not use/);
    schemas.dispose();
  });

  it('are asked for by name when they are absent, and named when they are none', () => {
    const empty = mkdtempSync(join(tmpdir(), 'wayfare-xsd-'));
    const schemas = new IsoSchemas(empty);
    expect(() => schemas.check(payments)).toThrow(
      /head\.001\.001\.02\.xsd is not in .*ISO20022_XSD_DIR/,
    );
    writeFileSync(join(empty, 'head.001.001.02.xsd'), '<a/>');
    expect(() => schemas.check(payments)).toThrow(/head\.001\.001\.02\.xsd is not a schema/);
    schemas.dispose();
    rmSync(empty, { recursive: true });
  });

  withSchemas('give back all memory (needs ../shared)', () => {
    diag.configure({ enabled: true });
    const schemas = new IsoSchemas(folder);
    for (const xml of [payments, statement, net, 'no XML', altered(payments, '>1200<', '>x<')]) {
      schemas.check(xml);
    }
    expect(diag.report()).not.toEqual({});
    schemas.dispose();
    expect(diag.report()).toEqual({});
    diag.configure({ enabled: false });
  });
});
