import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { differences } from '#contracts/clearing-files/check-lines';
import {
  CSV_KINDS,
  fileNameOf,
  parseFileName,
  setNameOf,
  type CsvKind,
} from '#contracts/clearing-files/file-names';
import {
  canonicalManifestText,
  fileManifest,
  type FileManifest,
} from '#contracts/clearing-files/manifest';
import {
  canonicalProofText,
  nettingProofFile,
  type NettingProofFile,
} from '#contracts/netting-proof';
import { checkSet } from './check-set.js';
import type { SettlementSaid } from './check-settlement.js';
import { Findings, type Finding } from './findings.js';
import { sha256Of } from './read-csv-file.js';

export interface Recomputation {
  readonly ok: boolean;
  readonly sets: number;
  readonly files: number;
  readonly transactions: number;
  /** Differences found, of which the first are in `findings`. */
  readonly count: number;
  readonly findings: readonly Finding[];
}

/**
 * Computes everything in a folder of files again: lines from rates and basis points, fees, sums,
 * obligations, and what was carried from cycle to cycle. It needs the folder and the published
 * rules, and neither database, network nor hub. A netting proof in the folder is compared too.
 */
export async function recomputeFolder(folder: string): Promise<Recomputation> {
  const findings = new Findings();
  const paths = await pathsByName(folder, findings);
  const said: SettlementSaid[] = [];
  let transactions = 0;
  let sets = 0;
  const listed = new Set<string>();
  for (const [name, path] of paths) {
    const parsed = parseFileName(name);
    if (parsed?.kind !== 'manifest') continue;
    sets += 1;
    listed.add(name);
    const manifest = await readManifest(path, findings);
    if (manifest === null) continue;
    for (const file of manifest.files) {
      listed.add(file.name);
      await checkPresent(file, manifest, paths, findings);
    }
    const { participant: participantId, currency, seq } = manifest;
    const key = { ...parsed.key, participantId, currency, seq };
    if (setNameOf(key) !== setNameOf(parsed.key) || manifest.cycle !== parsed.key.cycleId) {
      findings.add(name, 0, 'participant', 'the manifest is of another set than its name says');
      continue;
    }
    const own: Partial<Record<CsvKind, string>> = {};
    for (const kind of CSV_KINDS) {
      const found = paths.get(fileNameOf(kind, key));
      if (found === undefined) findings.add(fileNameOf(kind, key), 0, '1', 'is missing');
      else own[kind] = found;
    }
    const result = await checkSet({ manifest, paths: own }, findings);
    transactions += result.transactions;
    if (result.settlement !== null) said.push(result.settlement);
  }
  for (const name of paths.keys()) {
    if (parseFileName(name) !== undefined && !listed.has(name)) {
      findings.add(name, 0, '1', 'stands in no manifest');
    }
  }
  checkCarried(said, findings);
  for (const path of paths.values()) await checkProofs(path, said, findings);
  if (sets === 0) findings.add(basename(folder), 0, '1', 'holds no manifest, so nothing is proven');
  const { count, kept } = findings;
  return { ok: count === 0, sets, files: listed.size, transactions, count, findings: kept };
}

async function pathsByName(folder: string, findings: Findings): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = new Map<string, string>();
  for (const entry of entries) {
    // What begins with a dot is a file in the making.
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    if (paths.has(entry.name) && parseFileName(entry.name) !== undefined) {
      findings.add(entry.name, 0, '1', 'is there twice');
    }
    paths.set(entry.name, join(entry.parentPath, entry.name));
  }
  return new Map([...paths].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readManifest(path: string, findings: Findings): Promise<FileManifest | null> {
  const parsed = fileManifest.safeParse(jsonOf(await readFile(path, 'utf8')));
  const name = basename(path);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    findings.add(name, 0, field || '1', `is no manifest: ${issue?.message ?? ''}`);
    return null;
  }
  const hash = sha256Of(canonicalManifestText(parsed.data));
  if (hash !== parsed.data.hash) {
    findings.add(name, 0, 'hash', `says ${parsed.data.hash}, the content hashes to ${hash}`);
  }
  return parsed.data;
}

/** CSV files are hashed as they are read; the others only here. */
async function checkPresent(
  file: FileManifest['files'][number],
  manifest: FileManifest,
  paths: ReadonlyMap<string, string>,
  findings: Findings,
): Promise<void> {
  const path = paths.get(file.name);
  const key = parseFileName(file.name)?.key;
  if (key?.participantId !== manifest.participant || key.cycleId !== manifest.cycle) {
    findings.add(file.name, 0, '1', 'is listed by the manifest of another set');
  }
  if (file.columns !== null) return;
  if (path === undefined) {
    findings.add(file.name, 0, '1', 'is missing');
    return;
  }
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) hash.update(piece);
  const sha256 = hash.digest('hex');
  if (sha256 !== file.sha256) {
    findings.add(file.name, 0, '1', `its bytes hash to ${sha256}, ${file.sha256} was written`);
  }
}

/** What one cycle carried on must arrive in the other, where both files are in the folder. */
function checkCarried(said: readonly SettlementSaid[], findings: Findings): void {
  const byKey = new Map(said.map((one) => [keyOf(one, one.cycle), one]));
  for (const one of said) {
    for (const { line, cycle, net } of one.carried) {
      const origin = byKey.get(keyOf(one, cycle));
      if (origin === undefined) continue;
      if (origin.cells['state'] !== 'carried' || origin.cells['netAmountValue'] !== net) {
        const there = `${origin.cells['netAmountValue'] ?? ''}, ${origin.cells['state'] ?? ''}`;
        findings.add(one.file, line, 'netAmountValue', `${origin.file} says ${there}`);
      }
    }
  }
}

const keyOf = (one: SettlementSaid, cycle: string): string =>
  `${one.participant} ${one.currency} ${cycle}`;

/** Operators may lay the netting proof beside the files of all participants. */
async function checkProofs(
  path: string,
  said: readonly SettlementSaid[],
  findings: Findings,
): Promise<void> {
  if (!path.endsWith('.json') || parseFileName(basename(path)) !== undefined) return;
  const parsed = nettingProofFile.safeParse(jsonOf(await readFile(path, 'utf8')));
  if (!parsed.success) return;
  const proof = parsed.data;
  for (const one of said.filter(({ cycle }) => cycle === proof.cycle.id)) {
    findings.addCells(one.file, one.line, differences(one.cells, obligationIn(proof, one)));
  }
}

function obligationIn(proof: NettingProofFile, one: SettlementSaid): Record<string, string> {
  const found = proof.obligations.find(
    ({ participant, currency, role }) =>
      participant === one.participant && currency === one.currency && role === one.cells['role'],
  );
  return {
    ownAmountValue: found?.own ?? '0',
    carriedInAmountValue: found?.carriedIn ?? '0',
    netAmountValue: found?.minor ?? '0',
    minimumAmountValue: found?.minimum ?? '0',
    state: found?.state ?? 'settled',
    valueDate: found?.valueDate ?? '',
    proofHash: sha256Of(canonicalProofText(proof)),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
