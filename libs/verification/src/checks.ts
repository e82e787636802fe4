import { clearingChecks } from '#clearing';
import { disputeChecks } from '#disputes';
import { chainChecks, ledgerChecks } from '#ledger';
import { paymentChecks, refundChecks } from '#payments';
import { reconciliationChecks } from '#reconciliation';
import type { InvariantsReport } from '#contracts/operator/verification';
import { runChecks, type InvariantCheck } from '#platform/invariant-check';
import { operatorChecks } from '#platform/operators/index';
import { filesChecks, fxChecks, settlementChecks } from '#settlement';
import type { DataSource } from 'typeorm';

/** Every check there is; a feature that has invariants adds its list here. */
export const CHECKS: readonly InvariantCheck[] = [
  ...ledgerChecks,
  ...chainChecks,
  ...paymentChecks,
  ...refundChecks,
  ...disputeChecks,
  ...clearingChecks,
  ...reconciliationChecks,
  ...settlementChecks,
  ...filesChecks,
  ...fxChecks,
  ...operatorChecks,
];

/** Runs all of them over one snapshot. */
export async function verifyInvariants(dataSource: DataSource): Promise<InvariantsReport> {
  const results = await runChecks(dataSource, CHECKS);
  const checks = results.map((result) => ({ ...result, offenders: [...result.offenders] }));
  return { ok: checks.every((check) => check.ok), checks };
}
