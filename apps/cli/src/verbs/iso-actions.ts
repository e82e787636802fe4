import { readFileSync, statSync } from 'node:fs';
import type { IsoFault, IsoReading } from '#contracts/iso20022/codec';
import type { IsoFile } from '#contracts/iso20022/messages';
import { formatMoney, type Money } from '#domain/money';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { IsoSchemas } from '#platform/iso20022/iso-schemas';
import { MOST_BYTES } from '#platform/iso20022/parse-xml';
import { readIsoFile } from '#platform/iso20022/read-iso-file';
import { givenPath } from '../given-path.js';

/**
 * `wayfare iso validate`: our own rules always, the schemas where there is a folder of them.
 *
 * @returns whether nothing is wrong
 */
export function validate(file: string, json: boolean): boolean {
  const bytes = bytesOf(file);
  const { isoSchemasDir } = loadConfig();
  const reading = readIsoFile(bytes);
  const broken = isoSchemasDir === undefined ? [] : schemaFaults(bytes, isoSchemasDir);
  const faults = [...broken, ...(reading.ok ? [] : reading.faults)];
  const message = reading.ok ? reading.value.message.name : null;
  const ok = faults.length === 0;
  if (json) {
    const schemas = isoSchemasDir ?? null;
    print(JSON.stringify({ ok, message, schemas, faults }, null, 2));
    return ok;
  }
  faults.forEach(printFault);
  const unseen =
    isoSchemasDir === undefined
      ? ' Schemas were not checked: let ISO20022_XSD_DIR name a folder of them.'
      : '';
  const verdict = ok
    ? `${String(message)} is right${isoSchemasDir === undefined ? ' by the hub’s rules' : ''}.`
    : `${String(faults.length)} ${faults.length === 1 ? 'fault' : 'faults'}.`;
  print(verdict + unseen);
  return ok;
}

function schemaFaults(bytes: Uint8Array, folder: string): readonly IsoFault[] {
  const schemas = new IsoSchemas(folder);
  try {
    return schemas.check(bytes);
  } finally {
    schemas.dispose();
  }
}

/** `wayfare iso read`. @returns whether the file could be read */
export function read(file: string, json: boolean): boolean {
  const reading = readIsoFile(bytesOf(file));
  if (json) print(JSON.stringify(reading.ok ? reading.value : reading, plain, 2));
  else describe(reading);
  return reading.ok;
}

function describe(reading: IsoReading<IsoFile>): void {
  if (!reading.ok) {
    reading.faults.forEach(printFault);
    return;
  }
  const { header, message } = reading.value;
  print(message.name);
  if (header !== null) {
    print(`from ${header.from.name ?? header.from.id} to ${header.to.name ?? header.to.id}`);
  }
  outline(message.body, '');
}

/** An indented outline: one line a value, lists numbered. */
function outline(value: object, indent: string): void {
  for (const [key, held] of Object.entries(value) as [string, unknown][]) {
    const label = `${indent}${Array.isArray(value) ? String(Number(key) + 1) : key}`;
    if (isMoney(held)) print(`${label}: ${formatMoney(held)}`);
    else if (typeof held === 'object' && held !== null) {
      if (Object.keys(held).length === 0) continue;
      print(label);
      outline(held, `${indent}  `);
    } else print(`${label}: ${shown(key, held)}`);
  }
}

const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value;

const shown = (key: string, value: unknown): string =>
  key.endsWith('Ms') && typeof value === 'number' ? new Date(value).toISOString() : String(value);

/** JSON has no bigint; minor units stay exact as digits. */
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

function bytesOf(file: string): Uint8Array {
  const path = givenPath(file);
  try {
    if (statSync(path).size > MOST_BYTES) {
      throw new ExplainedError(`${file} is larger than ${String(MOST_BYTES)} bytes`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    throw new ExplainedError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

const printFault = ({ path, problem }: IsoFault): void => {
  print(`${path}: ${problem}`);
};

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
