import type { DataSource } from 'typeorm';

/**
 * Something that must hold in the database at every moment. `sql` selects the rows that break
 * it, as text columns `offender` (which row) and `detail` (what is wrong with it); no rows means
 * that it holds. Features export their checks; the same list serves `wayfare verify`, the tests
 * and the fault runs.
 */
export interface InvariantCheck {
  /** Kebab-case, stable: people alert on it. */
  readonly name: string;
  readonly why: string;
  readonly sql: string;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly why: string;
  /** The first twenty offenders. */
  readonly offenders: readonly { readonly offender: string; readonly detail: string }[];
  readonly count: number;
  readonly durationMs: number;
}

const MOST_OFFENDERS = 20;

/**
 * Runs all checks over one snapshot that cannot write, so that a busy hub neither disturbs them
 * nor makes two of them disagree.
 */
export async function runChecks(
  dataSource: DataSource,
  checks: readonly InvariantCheck[],
): Promise<CheckResult[]> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    const results: CheckResult[] = [];
    for (const check of checks) {
      const startedAt = performance.now();
      const rows = await tx.query<{ offender: string; detail: string; total: number }[]>(
        `SELECT offender, detail, count(*) OVER ()::integer AS total FROM (${check.sql}) AS broken
         ORDER BY offender LIMIT ${String(MOST_OFFENDERS)}`,
      );
      results.push({
        name: check.name,
        ok: rows.length === 0,
        why: check.why,
        offenders: rows.map(({ offender, detail }) => ({ offender, detail })),
        count: rows[0]?.total ?? 0,
        durationMs: Math.round(performance.now() - startedAt),
      });
    }
    return results;
  });
}
