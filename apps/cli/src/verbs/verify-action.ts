import { ledgerChecks } from '#ledger';
import { paymentChecks } from '#payments';
import { runChecks, type CheckResult } from '#platform/invariant-check';
import { withDatabase } from '../database.js';

/** Every check there is; a feature that has invariants adds its list here. */
export const CHECKS = [...ledgerChecks, ...paymentChecks];

/** @returns whether everything holds */
export async function verify(json: boolean): Promise<boolean> {
  const checks = await withDatabase((dataSource) => runChecks(dataSource, CHECKS));
  const ok = checks.every((check) => check.ok);
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
