import { writeFile } from 'node:fs/promises';
import type { Outcome } from '#domain/rejection';
import { encodeScheme, encodeUpi, findScheme, type SchemeOrder } from '#domain/qr/index';
import { ExplainedError } from '#platform/explained-error';
import type * as Pictures from '#platform/qr-pictures/index';
import { givenPath } from '../given-path.js';
import type { MakeOptions } from './qr.js';

type Refuse = (message: string) => never;

/** `wayfare qr make`: the payload on standard output, pictures where asked for. */
export async function make(options: MakeOptions, refuse: Refuse): Promise<void> {
  const payload = payloadOf(options, refuse);
  const pictures = await import('#platform/qr-pictures/index');
  if (options.out !== undefined) {
    const picture = pictureOf(payload, options, pictures, refuse);
    await write(options.out, picture);
    process.stderr.write(`wrote ${options.out}\n`);
  }
  if (options.terminal ?? process.stdout.isTTY) {
    const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
    process.stdout.write(pictures.writeQrTerminal(payload, colour));
  }
  process.stdout.write(`${payload}\n`);
}

function payloadOf(options: MakeOptions, refuse: Refuse): string {
  if (options.payload !== undefined) {
    if (options.scheme !== undefined) refuse('give --scheme or --payload, not both');
    const size = new TextEncoder().encode(options.payload).length;
    if (size < 1 || size > 2331) refuse('a payload has 1 to 2,331 bytes');
    return options.payload;
  }
  if (options.scheme === undefined) return refuse('--scheme or --payload is needed');
  if (findScheme(options.scheme) === undefined) {
    return refuse(`no scheme is called "${options.scheme}"; wayfare qr schemes lists them`);
  }
  const outcome =
    options.scheme === 'upi'
      ? upiLink(options, refuse)
      : encodeScheme(options.scheme, orderOf(options, refuse));
  return outcome.ok ? outcome.value : refuse(outcome.rejection.detail);
}

function upiLink(options: MakeOptions, refuse: Refuse): Outcome<string> {
  return encodeUpi({
    ...pairs(options.id, refuse),
    ...(options.name === undefined ? {} : { pn: options.name }),
    ...(options.mcc === undefined ? {} : { mc: options.mcc }),
    ...(options.amount === undefined ? {} : { am: options.amount, cu: 'INR' }),
  });
}

function orderOf(options: MakeOptions, refuse: Refuse): SchemeOrder {
  const additional: Record<string, string> = {};
  const language: Record<string, string> = {};
  const unreserved: Record<string, Record<string, string>> = {};
  for (const [path, value] of Object.entries(pairs(options.set, refuse))) {
    const match = /^(62|64|[89]\d)\.(\d\d)$/.exec(path);
    if (match === null) return refuse(`--set ${path}: only children of 62, 64 and 80 to 99`);
    const [, id = '', child = ''] = match;
    if (id === '62') additional[child] = value;
    else if (id === '64') language[child] = value;
    else (unreserved[id] ??= {})[child] = value;
  }
  const some = <T extends object>(record: T) => (Object.keys(record).length === 0 ? null : record);
  return {
    identifiers: pairs(options.id, refuse),
    ...(options.use === undefined ? {} : { use: options.use }),
    ...(options.dynamic === true ? { pointOfInitiation: 'dynamic' as const } : {}),
    mcc: options.mcc ?? null,
    currency: options.currency?.toUpperCase() ?? null,
    amount: options.amount ?? null,
    country: options.country?.toUpperCase() ?? null,
    merchantName: options.name ?? null,
    merchantCity: options.city ?? null,
    postalCode: options.postal ?? null,
    additional: some(additional),
    language: some(language),
    unreserved: some(unreserved),
  };
}

function pairs(list: readonly string[], refuse: Refuse): Record<string, string> {
  return Object.fromEntries(
    list.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) refuse(`"${pair}" is not of the form name=value`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function pictureOf(
  payload: string,
  options: MakeOptions,
  pictures: Pick<typeof Pictures, 'writeQrPng' | 'writeQrSvg'>,
  refuse: Refuse,
): string | Uint8Array {
  const file = options.out ?? '';
  if (/\.svg$/i.test(file)) return pictures.writeQrSvg(payload);
  if (!/\.png$/i.test(file)) return refuse(`${file}: pictures are written as .svg or .png`);
  const scale = Number(options.scale);
  if (!Number.isInteger(scale) || scale < 1 || scale > 64) refuse('--scale is 1 to 64 pixels');
  return pictures.writeQrPng(payload, scale);
}

async function write(file: string, picture: string | Uint8Array): Promise<void> {
  try {
    await writeFile(givenPath(file), picture);
  } catch (error) {
    throw new ExplainedError(`cannot write ${file}: ${(error as Error).message}`, { cause: error });
  }
}
