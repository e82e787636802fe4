import { deflateSync, inflateSync } from 'node:zlib';
import { emptyTotals, TOTALS_COLUMNS, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';

/** Totals are small whole numbers and noughts; the fastest setting halves them. */
const LEVEL = 1;

/** The columns one after another, packed: what a database keeps of a replication. */
export function packTotals(totals: Totals): Uint8Array {
  const columns = TOTALS_COLUMNS.map((name) => {
    const { buffer, byteOffset, byteLength } = totals[name];
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  return deflateSync(Buffer.concat(columns), { level: LEVEL });
}

/** @throws if the bytes are of another world */
export function unpackTotals(world: World, packed: Uint8Array): Totals {
  const bytes = inflateSync(packed);
  const totals = emptyTotals(world);
  let at = 0;
  for (const name of TOTALS_COLUMNS) {
    const column = totals[name];
    new Uint8Array(column.buffer).set(bytes.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
  if (at !== bytes.length) throw new Error('totals of another world');
  return totals;
}
