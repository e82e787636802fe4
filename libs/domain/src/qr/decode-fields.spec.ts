/**
 * Goal: a merchant-presented code yields the fields, schemes and amounts its specification gives
 * them, and anything else is refused with the right reason. Method: published codes with their
 * source, codes written by hand, and inputs that are no codes at all.
 */
import { codeByHand as code, crcByHand, objectByHand as o } from './code-by-hand.js';
import { decodeQr, MpmDecoding, qrToJson } from './index.js';

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

function mpm(payload: string): MpmDecoding {
  const decoding = decodeQr(payload);
  if (!(decoding instanceof MpmDecoding)) throw new Error(`not MPM: ${decoding.format}`);
  return decoding;
}

describe('deviations a scheme prescribes', () => {
  it('lets DuitNow write 02 into object 00', () => {
    const payload = code(
      o('00', '02'),
      o('01', '11'),
      o('26', o('00', 'A0000006150001') + o('01', '890053') + o('02', 'Q1')),
      o('52', '0000'),
      o('53', '458'),
      o('58', 'MY'),
      o('59', 'T'),
      o('60', 'KL'),
    );
    expect(codesOf(payload)).toEqual(['payload-format-deviation 00']);
    expect(decodeQr(payload).verdict).toBe('warn');
  });

  it('lets Pix leave the amount to the payer by a zero', () => {
    const payload = code(
      o('00', '01'),
      o('26', o('00', 'BR.GOV.BCB.PIX') + o('01', 'key@example.com')),
      o('52', '0000'),
      o('53', '986'),
      o('54', '0.00'),
      o('58', 'BR'),
      o('59', 'T'),
      o('60', 'B'),
    );
    expect(codesOf(payload)).toEqual(['amount-open 54']);
    expect(mpm(payload).amountMinor).toBe(0n);
  });
});

describe('what is read', () => {
  it('counts characters beyond the basic plane once', () => {
    const payload = plain(o('62', o('08', '🍜🍜')), o('64', o('00', 'JA') + o('01', '𠮷野家')));
    const decoding = mpm(payload);
    expect(decoding.verdict).toBe('accept');
    expect(decoding.language).toEqual({ '00': 'JA', '01': '𠮷野家' });
    expect(decoding.additional).toEqual({ '08': '🍜🍜' });
    expect(decoding.merchantCity).toBe('TOKYO');
  });

  it('keeps a plain object plain, whatever its value looks like', () => {
    const decoding = mpm(plain(o('02', '0004abcd')));
    expect(decoding.accounts.at(-1)).toEqual({ id: '02', guid: null, value: '0004abcd' });
    expect(decoding.tree.find(({ id }) => id === '02')).not.toHaveProperty('children');
  });

  it('gives no amount to charge for a rejected code', () => {
    const decoding = mpm(`${plain(o('54', '1200')).slice(0, -4)}0000`);
    expect([decoding.amount, decoding.amountMinor]).toEqual(['1200', null]);
  });

  it.each([
    ['392', '1200', 1200n],
    ['764', '98.', 9800n],
    ['764', '0.5', 50n],
    ['414', '1.234', 1234n],
    ['360', '10071', 1007100n],
  ])('reads %s %s as minor units', (currency, amount, minor) => {
    expect(mpm(inCurrency(currency, o('54', amount))).amountMinor).toBe(minor);
  });

  it('names the accounts of JPQR (go-emv-code, mpm/jpqr/jpqr_test.go)', () => {
    const payload =
      '0002016003xxx01021129300012D156000000000510A93FO3230Q31280012D1560000000103081234567826680019jp.or.paymentsjapan01130000000000001020400010306000001040600000153033925903xxx64180002JA0108メルペイ カフェ520441115802JP610710661436304DEE9';
    const decoding = mpm(payload);
    expect(decoding.verdict).toBe('accept');
    expect(decoding.schemes).toEqual([
      {
        scheme: 'jpqr',
        name: 'JPQR',
        path: '26',
        use: null,
        guid: 'jp.or.paymentsjapan',
        identifiers: {
          level1: '0000000000001',
          level2: '0001',
          level3: '000001',
          level4: '000001',
        },
      },
    ]);
  });

  it('finds five ways to pay in one Mongolian code (a published sample of Songo.mn)', () => {
    const payload =
      '0002010102121531422604964226049600000000001020417810017com.qq.weixin.pay01091367888090202NT0537weixin://wxpay/bizpayurl?pr=siTObRFz126540014A00000084300010108HPSMMNUB0220MN09005151019910985533410037A111278300000000.alipayplus.v2025051351120008songo.mn5204581153034965406102.435802MN5916Songo.mn-Eastpay6011ULAANBAATAR62340125HPSM2506121043450000000065201180240014A0000008430001010201630412F8';
    const decoding = mpm(payload);
    expect(decoding.verdict).toBe('warn');
    expect(codesOf(payload)).toEqual(['too-long 33.00', 'template-not-tlv 62.52']);
    expect(decoding.schemes.map(({ scheme, path }) => `${scheme} ${path}`)).toEqual([
      'mongolia 26',
      'mongolia 80',
      'alipayplus 33',
      'wechatpay 17',
      'unionpay 15',
    ]);
    expect(decoding.amountMinor).toBe(10243n);
  });

  it('finds Alipay+ in unreserved templates, with its acquirer (a published GCash code)', () => {
    const payload =
      '00020101021128620011ph.ppmi.p2m0111GXCHPHM2XXX032121702000000551861785205030005204549953036085802PH5913Mi Store 95806006Quezon6104110662640012ph.ppmi.qrph0307C39015V05212170500000725083318550708GEN0000380660010com.alipay0148https://payqr.gcash.com/28101005101488519611265763046D64';
    const [national, alipay] = mpm(payload).schemes;
    expect(national).toMatchObject({ scheme: 'qrph', identifiers: { acquirerId: 'GXCHPHM2XXX' } });
    expect(alipay).toMatchObject({
      scheme: 'alipay',
      path: '80',
      identifiers: { acquirerCode: '010' },
    });
  });

  it('is plain data as JSON, with exact amounts', () => {
    const json: unknown = JSON.parse(JSON.stringify(decodeQr(plain(o('54', '1200')))));
    expect(json).toMatchObject({
      verdict: 'accept',
      amountMinor: 1200,
      currencyAlpha: 'JPY',
      mcc: '5812',
    });
    expect(json).toEqual(JSON.parse(JSON.stringify(qrToJson(decodeQr(plain(o('54', '1200')))))));
  });
});

describe('payloads that are no payment code', () => {
  it.each([
    ['nothing', '', 'empty'],
    [
      'a Thai payment slip',
      '004100060000010103014022000111222233344ABCD125102TH910417DF',
      'unknown-format',
    ],
    ['prose', 'hello', 'unknown-format'],
    ['a number', '12345', 'unknown-format'],
    ['an address nobody claims', 'https://example.com/pay', 'unknown-format'],
    ['half a surrogate pair', `${plain().slice(0, -8)}\ud83d6304ABCD`, 'lone-surrogate'],
    ['more than a symbol holds', '0'.repeat(7090), 'oversize'],
    ['a megabyte', 'x'.repeat(1_000_000), 'oversize'],
  ])('%s', (_, payload, issue) => {
    const decoding = decodeQr(payload);
    expect(decoding.verdict).toBe('reject');
    expect(decoding.issues.map(({ code: found }) => found)).toEqual([issue]);
  });

  it('bytes that are not UTF-8, and things that are not even bytes', () => {
    const bytes = Uint8Array.from([0x30, 0x30, 0xff, 0xfe]);
    expect(decodeQr(bytes).issues[0]?.code).toBe('not-utf8');
    for (const thing of [undefined, null, 5, {}, [], () => 1, Symbol('x')]) {
      expect(decodeQr(thing as string).issues[0]?.code).toBe('not-text');
    }
  });

  it('a code of byte lengths is told from a damaged one', () => {
    const text = codeText('6416' + '0002ja' + '0106東京');
    const found = decodeQr(text).issues.map(({ code: issue }) => issue);
    expect(found).toContain('length-in-bytes');
    expect(found).not.toContain('crc-mismatch');
  });
});

function codeText(language: string): string {
  const text = `${START.join('')}${A}${o('52', '5812')}${o('53', '392')}${END.join('')}${language}6304`;
  return text + crcByHand(text);
}
