import { crc32, deflateSync } from 'node:zlib';
import { makeQrSymbol, type QrSymbol } from './symbol.js';

/** Light modules that must surround a symbol (ISO/IEC 18004 5.3.8). */
const QUIET_ZONE = 4;

function isDark(symbol: QrSymbol, x: number, y: number): boolean {
  const column = x - QUIET_ZONE;
  const row = y - QUIET_ZONE;
  if (column < 0 || row < 0 || column >= symbol.size || row >= symbol.size) return false;
  return symbol.modules[row * symbol.size + column] === 1;
}

/** An SVG picture of a payload: one path, sharp at any size. */
export function writeQrSvg(payload: string): string {
  const symbol = makeQrSymbol(payload);
  const width = symbol.size + 2 * QUIET_ZONE;
  let path = '';
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      if (!isDark(symbol, x, y)) continue;
      const start = x;
      while (isDark(symbol, x + 1, y)) x++;
      path += `M${String(start)} ${String(y)}h${String(x + 1 - start)}v1H${String(start)}z`;
    }
  }
  const box = String(width);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${box} ${box}" ` +
    `width="${String(width * 8)}" height="${String(width * 8)}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${box}v${box}H0z"/><path fill="#000" d="${path}"/></svg>\n`
  );
}

/**
 * A PNG picture of a payload, one bit a pixel.
 *
 * @param scale pixels per module
 */
export function writeQrPng(payload: string, scale = 8): Uint8Array {
  const symbol = makeQrSymbol(payload);
  const pixels = (symbol.size + 2 * QUIET_ZONE) * scale;
  const rowBytes = 1 + Math.ceil(pixels / 8);
  const rows = Buffer.alloc(rowBytes * pixels, 0xff);
  for (let y = 0; y < pixels; y++) {
    const row = y * rowBytes;
    rows[row] = 0;
    for (let x = 0; x < pixels; x++) {
      if (!isDark(symbol, Math.floor(x / scale), Math.floor(y / scale))) continue;
      const at = row + 1 + (x >> 3);
      rows[at] = (rows[at] ?? 0) & ~(0x80 >> (x & 7));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/**
 * A picture for a terminal, two modules a character.
 *
 * @param colour draws black on white by escape codes, whatever the terminal's own colours;
 *   without it light modules are drawn as blocks, which scans on a dark terminal
 */
export function writeQrTerminal(payload: string, colour: boolean): string {
  const symbol = makeQrSymbol(payload);
  const width = symbol.size + 2 * QUIET_ZONE;
  let text = '';
  for (let y = 0; y < width; y += 2) {
    let line = '';
    for (let x = 0; x < width; x++) {
      const top = isDark(symbol, x, y);
      // The height is odd: below the last row there is only quiet zone.
      const bottom = isDark(symbol, x, y + 1);
      const above = colour ? top : !top;
      const below = colour ? bottom : !bottom;
      line += above ? (below ? '█' : '▀') : below ? '▄' : ' ';
    }
    text += colour ? `\u001b[30;107m${line}\u001b[0m\n` : `${line}\n`;
  }
  return text;
}
