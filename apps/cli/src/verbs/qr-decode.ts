import { decodeQr, qrToJson } from '#domain/qr/index';
import { scannedPayloads } from '../scanned.js';
import { describeDecoding } from './qr-text.js';
import { paintFor } from './paint.js';

/** `wayfare qr decode`: prints what a payload, a file or standard input says. */
export async function decode(given: string, json: boolean): Promise<void> {
  const decodings = (await scannedPayloads(given)).map((payload) => decodeQr(payload));
  if (json) {
    const documents = decodings.map(qrToJson);
    print(JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2));
    return;
  }
  const paint = paintFor(process.stdout);
  decodings.forEach((decoding, i) => {
    if (i > 0) print('');
    print(describeDecoding(decoding, paint));
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
