/**
 * Goal: what is written is read back exactly, by readers that share no code with the writer, and
 * symbols obey EMVCo (byte mode only, ECI 26 when not ASCII, level M, quiet zone of four).
 * Method: payloads of several lengths and scripts through zxing and jsQR, symbols compared with
 * the qrcode package module by module, and pictures degraded before reading.
 */
import jpeg from 'jpeg-js';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { makeQrSymbol, readQrPicture, writeQrPng, writeQrSvg, writeQrTerminal } from './index.js';

const ASCII =
  '00020101021126280015com.example.hub0105M00015204581253033925802JP5909TEST CAFE6005TOKYO6304C52A';
const JAPANESE =
  '00020164210002JA0111JPQRMPM本舗食堂53033925903xxx6003xxx610710600325802JP01021126680019jp.or.paymentsjapan0113000000000000102040001030600000104060000015204412163046D60';
const PAYLOADS = [ASCII, JAPANESE, 'A', 'ចន ស្មីន 🍜 北京', 'x'.repeat(500), '9'.repeat(2331)];

type Scan = { data: string; chunks: { type: string; assignmentNumber?: number }[] } | null;
const scan = jsQR as unknown as (data: Uint8ClampedArray, w: number, h: number) => Scan;

function pixelsOf(png: Uint8Array) {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  return { data: new Uint8ClampedArray(data), width, height };
}

describe('pictures of codes', () => {
  it.each(PAYLOADS.map((payload) => [payload.slice(0, 30), payload] as const))(
    'are read back by two readers: %s',
    async (_, payload) => {
      const png = writeQrPng(payload, 4);
      expect(await readQrPicture(png)).toEqual([payload]);
      const { data, width, height } = pixelsOf(png);
      const read = scan(data, width, height);
      expect(read?.data).toBe(payload);
      const ascii = new TextEncoder().encode(payload).length === payload.length;
      expect(read?.chunks.map(({ type }) => type)).toEqual(ascii ? ['byte'] : ['eci', 'byte']);
      if (!ascii) expect(read?.chunks[0]?.assignmentNumber).toBe(26);
    },
  );

  it('agree with an independent writer, module by module', () => {
    for (let length = 1; length <= 2331; length += 89) {
      const payload = 'a'.repeat(length);
      const ours = makeQrSymbol(payload);
      const masks = [0, 1, 2, 3, 4, 5, 6, 7].map((maskPattern) => {
        const options = { errorCorrectionLevel: 'M', maskPattern } as QRCode.QRCodeOptions;
        const segment = { data: Buffer.from(payload), mode: 'byte' } as QRCode.QRCodeSegment;
        const { modules } = QRCode.create([segment], options);
        return Buffer.from(modules.data.map(Number)).toString('hex');
      });
      expect(masks).toContain(Buffer.from(ours.modules).toString('hex'));
    }
  });

  it('have four light modules around them', () => {
    const { data, width } = pixelsOf(writeQrPng(ASCII, 3));
    const symbol = makeQrSymbol(ASCII);
    expect(width).toBe((symbol.size + 8) * 3);
    const light = (x: number, y: number) => data[(y * width + x) * 4] === 255;
    for (let i = 0; i < width; i++) {
      for (let ring = 0; ring < 12; ring++) {
        expect([light(i, ring), light(ring, i), light(i, width - 1 - ring)]).toEqual([
          true,
          true,
          true,
        ]);
      }
    }
    expect(light(12, 12)).toBe(false);
  });

  it('survive a poor JPEG, and low contrast', async () => {
    const { data, width, height } = pixelsOf(writeQrPng(JAPANESE, 5));
    const grey = Buffer.from(data.map((value, i) => (i % 4 === 3 ? 255 : 90 + value / 4)));
    for (const pixels of [Buffer.from(data), grey]) {
      const poor = jpeg.encode({ data: pixels, width, height }, 20).data;
      expect(await readQrPicture(poor)).toEqual([JAPANESE]);
    }
  });

  it('as SVG and for terminals draw the same modules', () => {
    const symbol = makeQrSymbol(ASCII);
    const rows = writeQrTerminal(ASCII, false).trimEnd().split('\n');
    const svg = writeQrSvg(ASCII);
    const dark = new Set<string>();
    for (const [, x, y, w] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
      for (let i = 0; i < Number(w); i++) dark.add(`${String(Number(x) + i)},${y ?? ''}`);
    }
    for (let y = 0; y < symbol.size; y++) {
      for (let x = 0; x < symbol.size; x++) {
        const module = symbol.modules[y * symbol.size + x] === 1;
        expect(dark.has(`${String(x + 4)},${String(y + 4)}`)).toBe(module);
        const cell = rows[(y + 4) >> 1]?.[x + 4] ?? '';
        const litBlocks = (y + 4) % 2 === 0 ? '█▀' : '█▄';
        expect(litBlocks.includes(cell)).toBe(!module);
      }
    }
  });
});

describe('files that are no code', () => {
  it('are told apart', async () => {
    expect(await readQrPicture(new Uint8Array())).toBe('notAPicture');
    expect(await readQrPicture(Buffer.from('GIF89a, not a picture we read'))).toBe('notAPicture');
    const blank = PNG.sync.write(new PNG({ width: 40, height: 40 }));
    expect(await readQrPicture(blank)).toBe('noSymbol');
    expect(await readQrPicture(blank.subarray(0, 40))).toBe('noSymbol');
    const bomb = Buffer.from(blank);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    expect(await readQrPicture(bomb)).toBe('tooLarge');
  });

  it('cannot be asked for when nothing fits', () => {
    expect(() => makeQrSymbol('9'.repeat(2332))).toThrow(RangeError);
  });
});
