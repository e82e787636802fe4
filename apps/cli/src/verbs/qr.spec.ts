/**
 * Goal: a person reads a code's answer at a glance, a script gets the same as JSON, and exit codes
 * keep answers, slips and unreadable files apart. Method: command lines through the real program,
 * with both output streams collected and files in a folder of their own.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { captureStreams } from '#testkit/captured-streams';
import { run } from '../run.js';

// EMVCo MPM 1.0, annex B.7.
const EMVCO =
  '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A';
const PROMPTPAY = ['--scheme', 'promptpay', '--use', 'transfer', '--id', 'mobile=0066812345678'];

let folder: string;
const streams = captureStreams();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-qr-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const qr = (...args: string[]) => run(['qr', ...args]);

describe('wayfare qr decode', () => {
  it('tells a person who is paid how much, and where it stands in the code', async () => {
    expect(await qr('decode', EMVCO)).toBe(0);
    for (const part of [
      '✓ accept',
      'dynamic',
      'BEST TRANSPORT, BEIJING',
      '最佳运输',
      'CNY 23.72',
      'asked for a tip',
      'A13A, matches',
    ]) {
      expect(streams.data).toContain(part);
    }
    expect(streams.data).toMatch(/^ {2}54 +5 23\.72 +amount$/m);
    expect(streams.data).toMatch(/^ {5}05 10 A93FO3230Q$/m);
    expect(streams.data).not.toContain('\u001b');
  });

  it('tells a script the same, with exit code 0 for a rejected code too', async () => {
    expect(await qr('decode', EMVCO, '--json')).toBe(0);
    expect(JSON.parse(streams.data)).toMatchObject({
      verdict: 'accept',
      issues: [],
      amountMinor: 2372,
      mcc: '4111',
    });
    streams.data = '';
    expect(await qr('decode', EMVCO.replace('BEST', 'BEZT'), '--json')).toBe(0);
    expect(JSON.parse(streams.data)).toMatchObject({
      verdict: 'reject',
      issues: [{ code: 'crc-mismatch', path: '63' }],
    });
    expect(streams.talk).toBe('');
  });

  it('takes standard input, less its newline', async () => {
    const input = Readable.from([Buffer.from(`${EMVCO}\n`)]);
    const descriptor = Object.getOwnPropertyDescriptor(process, 'stdin');
    Object.defineProperty(process, 'stdin', { value: input, configurable: true });
    try {
      expect(await qr('decode', '-', '--json')).toBe(0);
    } finally {
      if (descriptor !== undefined) Object.defineProperty(process, 'stdin', descriptor);
    }
    expect(JSON.parse(streams.data)).toMatchObject({ verdict: 'accept' });
  });

  it('never sends a code’s control characters to the terminal', async () => {
    await qr('decode', 'bad\u001b]0;title\u0007');
    expect(streams.data).toContain('\\u001b]0;title\\u0007');
    expect(streams.data).not.toContain('\u001b');
  });

  it('refuses files it cannot read in one line', async () => {
    const text = join(folder, 'not-a-code.png');
    writeFileSync(text, Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]));
    for (const given of [join(folder, 'absent.png'), 'absent.jpg', folder, text]) {
      streams.talk = '';
      expect(await qr('decode', given)).toBe(1);
      expect(streams.talk).toMatch(/^wayfare: [^\n]+\n$/);
    }
    expect(await qr('decode')).toBe(2);
  });
});

describe('wayfare qr make', () => {
  it('prints a payload that decodes, and pictures that can be read', async () => {
    for (const name of ['code.png', 'code.svg']) {
      const file = join(folder, name);
      streams.data = '';
      expect(await qr('make', ...PROMPTPAY, '--amount', '30.00', '--out', file)).toBe(0);
      expect(streams.talk).toContain(file);
    }
    const payload = streams.data.trim();
    expect(readFileSync(join(folder, 'code.svg'), 'utf8')).toMatch(/^<svg /);
    streams.data = '';
    expect(await qr('decode', join(folder, 'code.png'), '--json')).toBe(0);
    expect(JSON.parse(streams.data)).toMatchObject({
      payload,
      amountMinor: 3000,
      schemes: [{ scheme: 'promptpay' }],
    });
  });

  it('draws on a terminal what it prints', async () => {
    expect(await qr('make', '--payload', 'https://example.com', '--terminal')).toBe(0);
    const lines = streams.data.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('https://example.com');
    expect(lines[5]).toMatch(/^[█▀▄ ]+$/);
  });

  it.each([
    [['--scheme', 'nowhere'], 'no scheme is called'],
    [['--scheme', 'jpqr', '--id', 'level1=1', '--name', 'T', '--city', 'K'], 'level1'],
    [[...PROMPTPAY, '--amount', '1,5'], '54'],
    [[...PROMPTPAY, '--set', '99'], 'name=value'],
    [[...PROMPTPAY, '--set', '12.01=x'], '12.01'],
    [[...PROMPTPAY, '--out', 'code.gif'], '.svg or .png'],
    [[], '--scheme or --payload'],
  ])('refuses %j with exit code 2', async (args, part) => {
    expect(await qr('make', ...args)).toBe(2);
    expect(streams.talk).toContain(part);
    expect(streams.data).toBe('');
  });
});

it('wayfare qr schemes lists what can be made', async () => {
  expect(await qr('schemes')).toBe(0);
  expect(streams.data).toMatch(/^promptpay +PromptPay/m);
  streams.data = '';
  expect(await qr('schemes', '--json')).toBe(0);
  const ids = (JSON.parse(streams.data) as { id: string }[]).map(({ id }) => id);
  for (const id of 'promptpay jpqr sgqr paynow duitnow qris qrph khqr vietqr laoqr bharatqr upi fps pix twqr bccard lankaqr mongolia alipay alipayplus wechatpay unionpay visa mastercard'.split(
    ' ',
  )) {
    expect(ids).toContain(id);
  }
});
