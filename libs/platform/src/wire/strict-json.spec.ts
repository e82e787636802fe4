import fc from 'fast-check';
import { parseStrictJson } from './strict-json.js';

/**
 * Goal: what was signed is what is read, or it is refused with its path; and nothing that is sane
 * is refused. Method: hostile bodies by hand, then generated ones against JSON.parse.
 */
const read = (text: string | Uint8Array) =>
  parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text);

function refusal(text: string | Uint8Array): string {
  const outcome = read(text);
  if (outcome.ok) throw new Error(`accepted ${JSON.stringify(outcome.value)}`);
  expect(outcome.rejection.code).toBe('PARAM_ILLEGAL');
  return outcome.rejection.detail;
}

describe('strict JSON', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not valid UTF-8'],
    ['an overlong form', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), 'not valid UTF-8'],
    ['an encoded surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'not valid UTF-8'],
    ['nothing', '', 'not JSON'],
    ['half an object', '{"a":1', 'not JSON'],
    ['a trailing comma', '{"a":1,}', 'not JSON'],
    ['two documents', '{} {}', 'not JSON'],
    ['a byte order mark', '\ufeff{}', 'not JSON'],
    ['NaN', '{"a":NaN}', 'not JSON'],
    ['an open string', '{"a', 'not JSON'],
    ['only quotes and slashes', '"\\\\\\"', 'not JSON'],
    ['equal keys', '{"a":1,"a":1}', 'a is given twice'],
    ['equal keys far down', '{"o":{"l":[0,{"x":1,"y":2,"x":3}]}}', 'o.l[1].x is given twice'],
    ['equal keys, one escaped', '{"amount":1,"\\u0061mount":2}', 'amount is given twice'],
    ['a big integer', '{"a":{"b":9007199254740993}}', 'a.b is an integer beyond 2^53'],
    ['a big negative one', '[-9007199254740992]', '[0] is an integer beyond 2^53'],
    ['infinity by exponent', '{"a":1e999}', 'a is a number too large'],
    ['half a surrogate', '{"a":{"b":"x\\ud83dy"}}', 'a.b holds a null character or half'],
    ['a null character', '{"a":{"b":"x\\u0000y"}}', 'a.b holds a null character'],
    ['a null character in a key', '{"\\u0000":1}', 'A key holds a null character'],
    ['the other half', '["\\ude00"]', '[0] holds a null character or half'],
    ['half a surrogate in a key', '{"\\ud83d":1}', 'half of a surrogate pair'],
  ])('refuses %s', (_, text, words) => {
    expect(refusal(text)).toContain(words);
  });

  it('refuses depth before any parser recurses', () => {
    expect(refusal('['.repeat(33) + ']'.repeat(33))).toContain('deeper than 32 levels');
    expect(refusal('['.repeat(500_000))).toContain('deeper than 32 levels');
    expect(refusal('{"a":'.repeat(200_000))).toContain('deeper than 32 levels');
    expect(read('['.repeat(32) + ']'.repeat(32)).ok).toBe(true);
  });

  it('names its limit of size', () => {
    expect(refusal(`"${'x'.repeat(1024 * 1024)}"`)).toContain('limit of 1048576 bytes');
    expect(read(`"${'x'.repeat(1024 * 1024 - 2)}"`).ok).toBe(true);
  });

  it('keeps the literal text of an amount that is not a plain integer', () => {
    const outcome = read(
      '{"a":{"value":9007199254740993},"b":{"value":1200.00},"c":{"value":1e3},"d":{"value":1200}}',
    );
    expect(outcome).toEqual({
      ok: true,
      value: {
        a: { value: '9007199254740993' },
        b: { value: '1200.00' },
        c: { value: '1e3' },
        d: { value: 1200 },
      },
    });
  });

  it('is not fooled by structure inside strings', () => {
    const value = {
      a: '{"a":1,"a":2}[[[[',
      'b"c': '\\',
      d: ['"', ':', ','],
      e: '12345678901234567890',
    };
    expect(read(JSON.stringify(value))).toEqual({ ok: true, value });
  });

  it('keeps whole pairs, pretty printing and escapes as Python writes them', () => {
    const text = '{\n   "name": "\\u304d\\u3064\\u306d \\ud83d\\ude00",\n   "n": [ 1 , 2.5 ]\n}';
    expect(read(text)).toEqual({ ok: true, value: { name: 'きつね 😀', n: [1, 2.5] } });
  });

  it('makes __proto__ an ordinary key', () => {
    const outcome = read('{"__proto__":{"polluted":true}}');
    expect(outcome.ok).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes linear time on hostile repetition', () => {
    const bodies = [
      `"${'\\"'.repeat(500_000)}"`,
      `"${'\\\\'.repeat(500_000)}"`,
      `{${Array.from({ length: 60_000 }, (_, i) => `"k${String(i)}":0`).join(',')}}`,
      ' '.repeat(1_000_000),
      '9'.repeat(1_000_000),
      '-'.repeat(1_000_000),
    ];
    for (const body of bodies) {
      const start = performance.now();
      read(body);
      expect(performance.now() - start).toBeLessThan(1500);
    }
  });

  it('agrees with JSON.parse on every value without the refused things', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.boolean(), (text, pretty) => {
        const parsed: unknown = JSON.parse(text);
        const outcome = read(pretty ? JSON.stringify(parsed, null, 3) : text);
        if (outcome.ok) expect(outcome.value).toEqual(parsed);
        else expect(outcome.rejection.detail).toMatch(/beyond 2\^53|surrogate/);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws and accepts nothing JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.uint8Array({ maxLength: 3 }),
        (text, at, noise) => {
          const bytes = Buffer.from(text);
          const cut = at % (bytes.length + 1);
          const body = Buffer.concat([
            bytes.subarray(0, cut),
            noise,
            bytes.subarray(cut + noise.length),
          ]);
          const outcome = read(body);
          if (outcome.ok) expect(() => JSON.parse(body.toString('utf8')) as unknown).not.toThrow();
        },
      ),
      { numRuns: 3000 },
    );
  });
});
