import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExplainedError } from '#platform/explained-error';
import { hashOfInputs, hashOfScenario } from './content-hash.js';
import type { RunParts } from './kernel-parts.js';
import { MANIFEST_FILE, manifestSchema, type RunManifest } from './manifest.js';
import { hashOfFile } from './run-folder.js';
import { playRun, type RunWatch } from './run-scenario.js';

const EXIT_USAGE = 2;

/** Something that was compared; `found` differs from `expected` where it is not as recorded. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
  /** Tells why the hashes may differ; alone it is no fault. */
  readonly remarkOnly: boolean;
}

/** A run that was compared with its manifest. */
export interface VerifiedRun {
  readonly manifest: RunManifest;
  readonly findings: readonly Finding[];
}

/** @throws ExplainedError when the folder holds no readable manifest */
export function readManifest(folder: string): RunManifest {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw new ExplainedError(
      `there is no ${MANIFEST_FILE} in ${folder}; \`wayfare sim run … --out <folder>\` writes one`,
      { exitCode: EXIT_USAGE },
    );
  }
  try {
    // The resolved scenario was checked when it was read from its file, and its hash is compared.
    return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) as unknown as RunManifest;
  } catch (error) {
    throw new ExplainedError(`${path} is no manifest of this version of the product`, {
      cause: error,
      exitCode: EXIT_USAGE,
    });
  }
}

/** The files as they are now against what the manifest says of them. */
export async function verifyFiles(folder: string, manifest: RunManifest): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path, sha256 } of manifest.files) {
    const file = join(folder, path);
    const found = existsSync(file) ? await hashOfFile(file) : 'missing';
    findings.push(compared(`file ${path}`, sha256, found));
  }
  const listed = new Set([MANIFEST_FILE, ...manifest.files.map(({ path }) => path)]);
  for (const path of readdirSync(folder).filter((name) => !listed.has(name))) {
    findings.push({
      ...compared(`file ${path}`, 'not in the manifest', 'there'),
      remarkOnly: true,
    });
  }
  return findings;
}

/** Whether the scenario and the shipped figures are those of the run. */
export function verifyInputs(manifest: RunManifest, product: string): Finding[] {
  const remark = (what: string, expected: string, found: string): Finding => ({
    ...compared(what, expected, found),
    remarkOnly: true,
  });
  const inputs = hashOfInputs();
  const folders = [...new Set([...Object.keys(manifest.inputs), ...Object.keys(inputs)])].sort();
  return [
    compared('scenario', manifest.scenario.hash, hashOfScenario(manifest.scenario.resolved)),
    remark('version of the product', manifest.product, product),
    remark('version of Node', manifest.node, process.version),
    ...folders.map((folder) =>
      remark(`figures in ${folder}`, manifest.inputs[folder] ?? 'none', inputs[folder] ?? 'none'),
    ),
  ];
}

/** Plays the replications that the run has, from its manifest alone, and compares the result. */
export async function verifyResult(
  manifest: RunManifest,
  watch: RunWatch,
  parts: RunParts,
  product: string,
): Promise<Finding[]> {
  const { run } = await playRun(
    {
      scenario: manifest.scenario.resolved,
      seed: manifest.seed,
      fidelity: manifest.fidelity,
      replications: manifest.replications,
      untilRelativeError: null,
      mostReplications: manifest.replications,
      assumptionDraws: 0,
    },
    watch,
    parts,
    product,
  );
  return [
    compared('purchases', String(manifest.counts.purchases), String(run.purchases)),
    compared('payments', String(manifest.counts.payments), String(run.payments)),
    compared('result hash', manifest.resultHash, run.resultHash),
  ];
}

function compared(what: string, expected: string, found: string): Finding {
  return { what, ok: expected === found, expected, found, remarkOnly: false };
}
