import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { canonicalProofText, nettingProofFile, proofOfFile } from '#contracts/netting-proof';
import type { NettingProofFile } from '#contracts/netting-proof';
import { checkProof, type ProofFinding } from '#domain/netting/netting-proof';
import { ExplainedError } from '#platform/explained-error';
import { givenPath } from '../given-path.js';

/** What an outsider finds in a proof. */
export interface ProofVerdict {
  readonly ok: boolean;
  readonly hash: string;
  readonly findings: readonly ProofFinding[];
}

/** Recomputes a proof from its own content; nothing but the rules is needed. */
export function verdictOf(file: NettingProofFile): ProofVerdict {
  const hash = createHash('sha256').update(canonicalProofText(file)).digest('hex');
  const hashFaults = hash === file.hash ? [] : [`the content hashes to ${hash}, not ${file.hash}`];
  const findings = [
    { name: 'hash', what: 'The content is what was hashed.', faults: hashFaults },
    ...checkProof(proofOfFile(file)),
  ];
  return { ok: findings.every(({ faults }) => faults.length === 0), hash, findings };
}

/** Text of a verdict, one line for each thing looked at and one for each difference. */
export function tellVerdict({ ok, findings }: ProofVerdict): string[] {
  return [
    ...findings.flatMap(({ name, what, faults }) => [
      `${faults.length === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(24)}  ${what}`,
      ...faults.map((fault) => `        ${fault}`),
    ]),
    ok ? 'The proof holds.' : 'The proof does not hold: do not pay by it.',
  ];
}

/** @returns whether the proof holds */
export async function checkProofFile(path: string, json: boolean): Promise<boolean> {
  const text = await readFile(givenPath(path), 'utf8').catch(() => {
    throw new ExplainedError(`${path} cannot be read`);
  });
  const parsed = nettingProofFile.safeParse(jsonOf(path, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    throw new ExplainedError(`${path} is not a proof: ${field} ${issue?.message ?? ''}`);
  }
  const verdict = verdictOf(parsed.data);
  const told = json
    ? JSON.stringify({ cycle: parsed.data.cycle.id, ...verdict }, null, 2)
    : tellVerdict(verdict).join('\n');
  process.stdout.write(`${told}\n`);
  return verdict.ok;
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ExplainedError(`${path} is not JSON`);
  }
}
