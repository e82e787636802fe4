/**
 * Goal: what is written is read back unchanged, what the hub would refuse is never written, and
 * no damage to a code passes unnoticed. Method: generated fields through encode and decode; a
 * hundred thousand payloads, random and mutated by one character, from a fixed seed.
 */
import { crc16ccitt } from 'crc';
import fc from 'fast-check';
import { crcByHand } from './code-by-hand.js';
import {
  crc16,
  crcText,
  decodeQr,
  encodeMpm,
  encodeScheme,
  MpmDecoding,
  qrToJson,
  SCHEME_PROFILES,
  type MpmFields,
} from './index.js';

const letters = 'ABCDEFGHIJ klmnopq0123456789.-@/';
const script = '東京北京គ្រាบ🍜𠮷서울é';
const text = (max: number, alphabet = letters) =>
  fc
    .array(fc.constantFrom(...Array.from(alphabet)), { minLength: 1, maxLength: max })
    .map((characters) => characters.join(''));
const digits = (length: number) => text(length, '0123456789');
const child = fc.integer({ min: 1, max: 99 }).map((id) => String(id).padStart(2, '0'));
const children = fc.dictionary(child, text(12), { maxKeys: 4 });

const accounts = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 2, max: 51 }),
      guid: text(20),
      value: children,
      plain: text(30),
    }),
    { minLength: 1, maxLength: 4, selector: ({ id }) => id },
  )
  .map((list) =>
    list.map(({ id, guid, value, plain }) => ({
      id: String(id).padStart(2, '0'),
      ...(id <= 25 ? { guid: null, value: plain } : { guid, value }),
    })),
  );

const amounts = fc.oneof(
  fc.constant({ currency: '392', amount: null }),
  fc.integer({ min: 1, max: 9_999_999 }).map((n) => ({ currency: '392', amount: String(n) })),
  fc
    .integer({ min: 1, max: 9_999_999 })
    .map((n) => ({ currency: '764', amount: (n / 100).toFixed(2) })),
);

const fields = fc
  .record({
    pointOfInitiation: fc.constantFrom('static' as const, 'dynamic' as const, null),
    accounts,
    mcc: fc.constantFrom('5812', '0000'),
    money: amounts,
    country: fc.constantFrom('JP', 'TH'),
    merchantName: text(25),
    merchantCity: text(15),
    postalCode: fc.option(digits(10)),
    additional: fc.option(
      fc.dictionary(fc.constantFrom('01', '05', '07', '08'), text(25, script + letters), {
        minKeys: 1,
      }),
    ),
    language: fc.option(
      fc.record({ '00': fc.constant('JA'), '01': text(25, script), '02': text(15, script) }),
    ),
    unreserved: fc.option(fc.record({ '80': fc.record({ '00': text(32), '01': text(30) }) })),
  })
  .map(({ money, ...rest }) => ({ ...rest, ...money }));

function mpm(payload: string): MpmDecoding {
  const decoding = decodeQr(payload);
  if (!(decoding instanceof MpmDecoding)) throw new Error(`not MPM: ${decoding.format}`);
  return decoding;
}

function encoded(given: MpmFields): string {
  const outcome = encodeMpm(given);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

describe('writing and reading', () => {
  it('are inverse', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const decoding = mpm(encoded(given));
        expect(decoding.verdict).toBe('accept');
        const { pointOfInitiation, mcc, currency, amount, country, merchantName } = decoding;
        const { merchantCity, postalCode, additional, language, unreserved } = decoding;
        const read = {
          pointOfInitiation,
          accounts: decoding.accounts,
          mcc,
          country,
          merchantName,
          merchantCity,
        };
        expect({ ...read, postalCode, additional, language, unreserved, currency, amount }).toEqual(
          given,
        );
        expect(encoded(decoding)).toBe(encoded(given));
      }),
      { seed: 20261121, numRuns: 800 },
    );
  });

  it('refuse what the decoder would refuse, naming the object', () => {
    const good: MpmFields = {
      accounts: [{ id: '26', guid: 'g.example', value: {} }],
      currency: 'JPY',
      country: 'JP',
      mcc: '0000',
      merchantName: 'T',
      merchantCity: 'K',
    };
    expect(encodeMpm(good)).toMatchObject({ ok: true });
    const wrong: [Partial<MpmFields>, string][] = [
      [{ amount: '12.5' }, '54'],
      [{ amount: '0' }, '54'],
      [{ merchantName: 'x'.repeat(26) }, '59'],
      [{ merchantName: 'x'.repeat(100) }, '59'],
      [{ merchantName: '' }, '59'],
      [{ currency: 'XXX' }, '53'],
      [{ tip: { '55': '02' } }, '56'],
      [{ accounts: [] }, ''],
      [{ accounts: [{ id: '99x', value: 'a' }] }, '99x'],
      [{ accounts: [...good.accounts, ...good.accounts] }, '26'],
      [{ additional: { '05': 'x'.repeat(100) } }, '62'],
    ];
    for (const [change, field] of wrong) {
      expect(encodeMpm({ ...good, ...change })).toMatchObject({ ok: false, rejection: { field } });
    }
  });

  it('hold for every scheme that has an account template', () => {
    const samples: Record<string, string> = {
      mobile: '0066812345678',
      nationalId: '1234567890123',
      eWalletId: '123456789012345',
      billerId: '099999999999999',
      level1: '0000000000001',
      level2: '0001',
      level3: '000001',
      level4: '000002',
      proxyType: '2',
      editable: '1',
      expiry: '20301231',
      bankBin: '970416',
      service: 'QRIBFTTA',
      reference1: 'REF1',
      reference2: 'REF2',
      accountId: 'shop@bank',
      merchantAccount: '1672800058120000000010000005',
    };
    let tried = 0;
    for (const profile of SCHEME_PROFILES) {
      for (const template of profile.templates ?? []) {
        const guid = template.guid;
        if (typeof guid !== 'string' && 'contains' in guid) continue;
        const names = Object.values(template.children).flatMap((name) =>
          typeof name === 'string' ? [name] : Object.values(name),
        );
        if (typeof guid !== 'string') names.push(template.guidName ?? '');
        const identifiers = Object.fromEntries(
          names.map((name) => [name, samples[name] ?? 'ID01']),
        );
        const outcome = encodeScheme(profile.id, {
          identifiers,
          merchantName: 'TEST',
          merchantCity: 'CITY',
          country: profile.markets[0] ?? 'CN',
          currency: profile.currency ?? 'USD',
          ...(template.use === undefined ? {} : { use: template.use }),
        });
        if (!outcome.ok) throw new Error(`${profile.id}: ${outcome.rejection.detail}`);
        const matches = mpm(outcome.value).schemes;
        expect(matches.map(({ scheme, use }) => [scheme, use])).toContainEqual([
          profile.id,
          template.use ?? null,
        ]);
        // Issuers of QRIS share children under their own identifiers; the first one is written.
        expect(matches.find(({ scheme }) => scheme === profile.id)?.identifiers).toEqual(
          identifiers,
        );
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(25);
  });

  it('refuse identifiers a scheme does not have, or of the wrong form', () => {
    const order = { merchantName: 'T', merchantCity: 'K' };
    const level = { level1: '1', level2: '0001', level3: '000001', level4: '000001' };
    expect(encodeScheme('jpqr', { ...order, identifiers: level })).toMatchObject({
      ok: false,
      rejection: { field: 'level1' },
    });
    expect(encodeScheme('jpqr', { ...order, identifiers: { pan: '1' } })).toMatchObject({
      ok: false,
      rejection: { field: 'pan' },
    });
    expect(encodeScheme('nowhere', { ...order, identifiers: {} })).toMatchObject({
      ok: false,
      rejection: { field: 'scheme' },
    });
    expect(encodeScheme('promptpay', { ...order, use: 'gift', identifiers: {} })).toMatchObject({
      ok: false,
      rejection: { field: 'use' },
    });
  });
});

describe('checksums', () => {
  it('equal an independent library and a bitwise one', () => {
    expect(crcText(crc16('123456789'))).toBe('29B1');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (payload) => {
        const bytes = new TextEncoder().encode(payload);
        expect(crc16(payload)).toBe(crc16ccitt(Buffer.from(bytes)));
        expect(crcText(crc16(payload))).toBe(crcByHand(payload));
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});

/** A small generator of its own, so that the run is the same on every machine. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ODD = ['\u0000', '\ud83d', '\udf5c', 'é', '京', '🍜', '-', '+', '/', '=', ':', '?', '&', '%'];
const POOL = [...Array.from('01234567890123456789ABCDEFabcdef. '), ...ODD];

describe('a hundred thousand payloads', () => {
  const random = seeded(42);
  const pick = () => POOL[random(POOL.length)] ?? '0';
  const openings = [
    '',
    '0002',
    '000201',
    '00020101021126',
    'hQVDUFY',
    'https://',
    'HTTPS://A.B/MPM/3/',
    'upi://pay?',
    'TWQRP://',
    'weixin://wxpay/bizpayurl?',
    '28',
    '63',
  ];

  it('of chance never throw, and are never accepted', () => {
    for (let i = 0; i < 50_000; i++) {
      let payload = openings[random(openings.length)] ?? '';
      for (let length = random(80); length > 0; length--) payload += pick();
      const decoding = decodeQr(payload);
      JSON.stringify(qrToJson(decoding));
      if (decoding.verdict !== 'reject') expect(decoding.format).not.toBe('emvco-mpm');
    }
  });

  it('with one character changed never pass as another payment', () => {
    const originals = fc.sample(fields, { seed: 3, numRuns: 500 }).map(encoded);
    const silent: string[] = [];
    let passed = 0;
    for (let i = 0; i < 50_000; i++) {
      const payload = originals[i % originals.length] ?? '';
      const at = random(payload.length);
      const change = random(3);
      const changed =
        payload.slice(0, at) +
        (change === 0 ? '' : pick()) +
        payload.slice(at + (change === 2 ? 0 : 1));
      if (changed === payload) continue;
      const decoding = decodeQr(changed);
      if (decoding.verdict === 'reject') continue;
      passed++;
      // Only the case of the checksum's own letters may differ.
      if (changed.toUpperCase() !== payload.toUpperCase()) silent.push(changed);
    }
    expect(silent).toEqual([]);
    expect(passed).toBeLessThan(1_000);
  });
});
