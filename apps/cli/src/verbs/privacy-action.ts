import { DisputeRepository, DisputeTraces } from '#disputes';
import { erasePayer } from '#payments';
import { ExplainedError } from '#platform/explained-error';
import { randomIds } from '#platform/id-source';
import { AuditLog, LOCAL_OPERATOR } from '#platform/operators/index';
import { withDatabase } from '../database.js';

export async function erase(
  walletId: string,
  customerId: string,
  { reason, json }: { readonly reason: string; readonly json?: boolean },
): Promise<void> {
  const outcome = await withDatabase((dataSource) =>
    erasePayer(
      dataSource,
      { walletId, customerId, reason },
      {
        ids: randomIds(),
        audit: new AuditLog(),
        caller: LOCAL_OPERATOR,
        nowMs: Date.now(),
        traces: [new DisputeTraces(new DisputeRepository())],
      },
    ),
  );
  if (!outcome.ok) throw new ExplainedError(outcome.rejection.detail);
  const { pseudonym, payments, codes } = outcome.value;
  const view = { pseudonym, wallet: walletId, payments, codes };
  const text = `Erased: ${String(payments)} payments and ${String(codes)} codes now name ${pseudonym}.`;
  process.stdout.write(`${json === true ? JSON.stringify(view, null, 2) : text}\n`);
}
