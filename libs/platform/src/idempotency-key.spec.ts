// Goal: a key means the same however a client wrote it, two keys are never taken for one, and what is
// no key is refused by name.
// Method: the string of RFC 9651 written by the rule of its section 4.1.6 from any printable text
// must read as that text; what that grammar leaves out is refused.
import fc from 'fast-check';
import { readIdempotencyKey } from './idempotency-key.js';

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 255,
});
const written = (key: string): string => `"${key.replace(/["\\]/g, String.raw`\$&`)}"`;

it('reads back every text that can be written', () => {
  fc.assert(
    fc.property(printable, (key) => {
      expect(readIdempotencyKey(written(key))).toEqual({ ok: true, value: key });
    }),
  );
});

it('takes a key with and without quotes for the same', () => {
  const uuid = '8e03978e-40d5-43dd-bc93-6894a57f9324';
  expect(readIdempotencyKey(uuid)).toEqual({ ok: true, value: uuid });
  expect(readIdempotencyKey(`  "${uuid}" `)).toEqual({ ok: true, value: uuid });
});

it.each([
  ['nothing', ''],
  ['empty quotes', '""'],
  ['an open quote', '"abc'],
  ['a bare quote inside', '"a"b"'],
  ['an escape of something else', String.raw`"a\n"`],
  ['two headers, which Node joins', '"a", "b"'],
  ['two bare headers', 'a, b'],
  ['a letter beyond ASCII', '"schlüssel"'],
  ['256 characters', written('k'.repeat(256))],
  ['a parameter, which has no meaning here', '"a";b=1'],
])('refuses %s, and names the header', (_, header) => {
  expect(readIdempotencyKey(header)).toMatchObject({
    ok: false,
    rejection: { code: 'PARAM_ILLEGAL', field: 'Idempotency-Key' },
  });
});
