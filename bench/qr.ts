import { cpus } from 'node:os';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { decodeQr, MpmDecoding } from '#domain/qr/index';
import { payloadSet } from './qr-payloads.js';

/** One decoder's figure beside ours over the same payloads. */
export interface QrFigure {
  readonly decoder: string;
  /** How many payloads of the set it parses at all; only those are measured. */
  readonly parses: number;
  readonly payloads: number;
  readonly perSecond: number;
  /** Ours over exactly the same payloads: the decoding with its verdict. */
  readonly oursPerSecond: number;
  /** As above, and every commonly used field read. */
  readonly oursWithFieldsPerSecond: number;
  /** As above, and the raw tree built. */
  readonly oursWithTreePerSecond: number;
}

export interface QrBench {
  readonly machine: string;
  readonly rounds: number;
  readonly figures: readonly QrFigure[];
}

type Decode = (payload: string) => unknown;

const ROUNDS = 41;
const ROUND_MS = 4;

/** Keeps results alive, so that no decoder is measured doing nothing. */
let sink = 0;

function keep(value: unknown): void {
  if (value !== undefined && value !== null) sink = (sink + 1) & 0xffff;
}

function readFields(payload: string): unknown {
  const code = decodeQr(payload);
  if (!(code instanceof MpmDecoding)) return code;
  keep(code.verdict);
  keep(code.pointOfInitiation);
  keep(code.mcc);
  keep(code.currency);
  keep(code.amount);
  keep(code.country);
  keep(code.merchantName);
  keep(code.merchantCity);
  keep(code.accounts);
  return code.additional;
}

function readTree(payload: string): unknown {
  const code = decodeQr(payload);
  keep(code.verdict);
  return code.tree;
}

/** Entry points that decode a payload as fully as each library can. */
function peers(): Record<string, Decode> {
  const require = createRequire(import.meta.url);
  const promptparse = require('promptparse') as {
    parse: (payload: string, strict?: boolean) => unknown;
  };
  const bakong = (require('bakong-khqr') as { BakongKHQR: { decodeNonKhqr: Decode } }).BakongKHQR;
  const { QRPay } = require('vietnam-qr-pay') as {
    QRPay: new (payload: string) => { isValid: boolean };
  };
  const sdk = require('emvco-qr-sdk') as {
    parseFullQR: (payload: string, options: object) => unknown;
  };
  const plain = ['steplix-emvqr', '@walletfactory/emvqr', 'emvqr'].map(
    (name) => [name, (require(name) as { decode: Decode }).decode] as const,
  );
  return {
    'promptparse, lenient': (payload) => promptparse.parse(payload),
    'promptparse, strict': (payload) => promptparse.parse(payload, true),
    'bakong-khqr, decodeNonKhqr': (payload) => bakong.decodeNonKhqr(payload),
    'vietnam-qr-pay': (payload) => {
      const code = new QRPay(payload);
      return code.isValid ? code : null;
    },
    'emvco-qr-sdk': (payload) => sdk.parseFullQR(payload, {}),
    ...Object.fromEntries(plain),
  };
}

function parses(decode: Decode, payload: string): boolean {
  try {
    return Boolean(decode(payload));
  } catch {
    return false;
  }
}

function perSecond(decode: Decode, payloads: readonly string[]): number {
  let done = 0;
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    for (const payload of payloads) keep(decode(payload));
    done += payloads.length;
    elapsed = performance.now() - start;
  }
  return (done * 1_000) / elapsed;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * Decoding throughput beside every peer's, in one process and one run: rounds of all decoders
 * are interleaved and medians taken, so that a busy moment of the machine hits all alike. A peer
 * that cannot parse a payload is measured over those it can, and so are we beside it.
 */
export function benchQr(): Promise<QrBench> {
  const payloads = payloadSet();
  const decoders = Object.entries(peers());
  const quiet = silenceConsole();
  try {
    const figures = decoders.map(([decoder, decode]) => compare(decoder, decode, payloads));
    const cores = cpus();
    const machine = `${cores[0]?.model ?? 'unknown'}, ${String(cores.length)} cores, Node ${process.version}`;
    return Promise.resolve({ machine, rounds: ROUNDS, figures });
  } finally {
    quiet();
  }
}

function compare(decoder: string, decode: Decode, payloads: readonly string[]): QrFigure {
  const known = payloads.filter((payload) => parses(decode, payload));
  const subjects: Decode[] = [decode, (payload) => decodeQr(payload).verdict, readFields, readTree];
  const rounds: number[][] = subjects.map(() => []);
  for (let round = -10; round < ROUNDS; round++) {
    subjects.forEach((subject, i) => {
      const figure = perSecond(subject, known);
      if (round >= 0) rounds[i]?.push(figure);
    });
  }
  const [theirs = 0, verdict = 0, fields = 0, tree = 0] = rounds.map(median);
  return {
    decoder,
    parses: known.length,
    payloads: payloads.length,
    perSecond: theirs,
    oursPerSecond: verdict,
    oursWithFieldsPerSecond: fields,
    oursWithTreePerSecond: tree,
  };
}

/** Some peers print while they parse; that is not what is measured. */
function silenceConsole(): () => void {
  const { log, error, warn } = console;
  const nothing = () => undefined;
  Object.assign(console, { log: nothing, error: nothing, warn: nothing });
  return () => Object.assign(console, { log, error, warn });
}

/** The table of `docs/performance.md`. */
export function qrTable(bench: QrBench): string {
  const thousands = (figure: number) => `${Math.round(figure / 1_000).toLocaleString('en-US')} k`;
  const ratio = (ours: number, theirs: number) => `${(ours / theirs).toFixed(1)}×`;
  const rows = bench.figures.map((figure) =>
    [
      figure.decoder,
      `${String(figure.parses)} of ${String(figure.payloads)}`,
      thousands(figure.perSecond),
      `${thousands(figure.oursPerSecond)} (${ratio(figure.oursPerSecond, figure.perSecond)})`,
      `${thousands(figure.oursWithFieldsPerSecond)} (${ratio(figure.oursWithFieldsPerSecond, figure.perSecond)})`,
      `${thousands(figure.oursWithTreePerSecond)} (${ratio(figure.oursWithTreePerSecond, figure.perSecond)})`,
    ].join(' | '),
  );
  return [
    `${bench.machine}; medians of ${String(bench.rounds)} interleaved rounds; codes a second`,
    '',
    '| peer | parses | peer | ours: verdict | ours: verdict and fields | ours: verdict and tree |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

const started = process.argv[1];
if (started !== undefined && import.meta.url === pathToFileURL(started).href) {
  process.stdout.write(`${qrTable(await benchQr())}\n`);
}
