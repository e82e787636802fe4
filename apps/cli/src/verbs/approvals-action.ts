import type { ApprovalActions, ApprovalView } from '#contracts/operator/operators';
import type { Page } from '#contracts/operator/paging';
import { ExplainedError } from '#platform/explained-error';
import { OperatorApi } from '../system/operator-api.js';
import type { CallOptions, CapsOptions, DecideOptions, ProposeOptions } from './approvals.js';

function print(options: CallOptions, value: unknown, text: () => string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(value, null, 2) : text()}\n`);
}

export async function listApprovals(
  options: CallOptions & { readonly state?: string },
): Promise<void> {
  const api = await OperatorApi.open(options);
  const state = options.state === undefined ? '' : `&state=${encodeURIComponent(options.state)}`;
  const page = await api.get<Page<ApprovalView>>(`/api/approvals?limit=200${state}`);
  print(options, page, () =>
    page.items.length === 0 ? 'No proposals.' : page.items.map(line).join('\n'),
  );
}

export async function listActions(options: CallOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  const { actions } = await api.get<ApprovalActions>('/api/approvals/actions');
  print(options, { actions }, () =>
    actions.map(({ action, scope }) => `${action.padEnd(24)} ${scope}`).join('\n'),
  );
}

export async function proposeAct(
  action: string,
  payload: string,
  options: ProposeOptions,
): Promise<void> {
  let content: unknown;
  try {
    content = JSON.parse(payload);
  } catch {
    throw new ExplainedError('the payload is not JSON');
  }
  const api = await OperatorApi.open(options);
  const body = { action, payload: content, reason: options.reason };
  tell(options, await api.post<ApprovalView>('/api/approvals', body));
}

/** Proposes what a verb has worked out, and says who is to do what next. */
export async function proposeTo(
  api: OperatorApi,
  body: { readonly action: string; readonly payload: object; readonly reason: string },
  options: CallOptions,
): Promise<void> {
  const proposal = await api.post<ApprovalView>('/api/approvals', body);
  print(
    options,
    proposal,
    () =>
      `${proposal.id} ${proposal.state}: ${proposal.summary}\n` +
      `Another person lets it happen: wayfare approvals approve ${proposal.id}`,
  );
}

export async function proposeCaps(participant: string, options: CapsOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  const { cap: netDebitCap, prefund, refundCap, reason } = options;
  const path = `/api/participants/${encodeURIComponent(participant)}/caps`;
  tell(options, await api.post<ApprovalView>(path, { netDebitCap, prefund, refundCap, reason }));
}

export async function decideApproval(
  verb: 'approve' | 'reject',
  id: string,
  options: DecideOptions,
): Promise<void> {
  const api = await OperatorApi.open(options);
  const path = `/api/approvals/${encodeURIComponent(id)}/${verb}`;
  tell(options, await api.post<ApprovalView>(path, { reason: options.reason }));
}

function tell(options: CallOptions, approval: ApprovalView): void {
  print(options, approval, () => line(approval));
}

function line(approval: ApprovalView): string {
  const { id, state, summary, proposedBy, reason, decidedBy } = approval;
  const decided = decidedBy === null ? '' : `, ${state} by ${decidedBy}`;
  return `${id} ${state.padEnd(8)} ${summary} Proposed by ${proposedBy}${decided}: ${reason}`;
}
