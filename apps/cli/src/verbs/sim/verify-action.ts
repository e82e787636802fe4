import { availableParallelism } from 'node:os';
import { verifyRun, type Finding } from '#scenarios';
import { givenPath } from '../../given-path.js';
import { ProgressLine } from './progress-line.js';
import { stoppedByPerson } from './stopped-by-person.js';

const EXIT_DIFFERS = 1;

/** Plays a kept run again and names what is not as it was. */
export async function verifySimulation(
  folder: string,
  options: { readonly jobs?: number; readonly json?: boolean },
): Promise<void> {
  const line = new ProgressLine(process.stderr, undefined);
  const { signal, forget } = stoppedByPerson();
  try {
    const { manifest, findings } = await verifyRun(
      givenPath(folder),
      options.jobs ?? availableParallelism(),
      { signal, onProgress: (progress) => line.show(progress) },
    );
    line.end();
    const ok = findings.every((finding) => finding.ok || finding.remarkOnly);
    if (options.json === true) {
      const { scenario, seed, resultHash } = manifest;
      const run = { scenario: scenario.name, seed, resultHash };
      process.stdout.write(`${JSON.stringify({ ok, run, findings }, null, 2)}\n`);
    } else {
      for (const text of verdictText(findings, manifest.resultHash)) {
        process.stdout.write(`${text}\n`);
      }
    }
    if (!ok) process.exitCode = EXIT_DIFFERS;
  } finally {
    line.end();
    forget();
  }
}

function verdictText(findings: readonly Finding[], resultHash: string): string[] {
  const differing = findings.filter(({ ok }) => !ok);
  const faults = differing.filter(({ remarkOnly }) => !remarkOnly);
  const files = findings.filter(({ what }) => what.startsWith('file ')).length;
  const verdict =
    faults.length === 0
      ? `as it was: ${String(files)} files, and played again to result hash ${resultHash}`
      : `NOT as it was: ${String(faults.length)} of ${String(findings.length)} comparisons differ`;
  return [
    verdict,
    ...differing.map(
      ({ what, expected, found, remarkOnly }) =>
        `  ${remarkOnly ? 'note' : 'FAIL'}  ${what}: recorded ${short(expected)}, now ${short(found)}`,
    ),
  ];
}

/** Hashes by their beginning: enough to tell them apart. */
function short(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 16)}…` : text;
}
