import type { CheckResult } from '#platform/invariant-check';
import { verifyInvariants } from '#verification';
import { withDatabase } from '../database.js';

/** @returns whether everything holds */
export async function verify(json: boolean): Promise<boolean> {
  const { ok, checks } = await withDatabase(verifyInvariants);
  const text = json ? JSON.stringify({ ok, checks }, null, 2) : describe(checks);
  process.stdout.write(`${text}\n`);
  return ok;
}

function describe(checks: readonly CheckResult[]): string {
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.flatMap((check) => [
    `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(width)}  ${check.why}`,
    ...check.offenders.map(({ offender, detail }) => `        ${offender}: ${detail}`),
    ...(check.count > check.offenders.length
      ? [`        … and ${String(check.count - check.offenders.length)} more`]
      : []),
  ]);
  const failed = checks.filter((check) => !check.ok).length;
  lines.push(
    failed === 0
      ? `All ${String(checks.length)} invariants hold.`
      : `${String(failed)} of ${String(checks.length)} invariants do not hold.`,
  );
  return lines.join('\n');
}
