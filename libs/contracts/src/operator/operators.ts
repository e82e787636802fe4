import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

/**
 * What a key lets its holder do. `read` is the operator API without the lists of keys; the others
 * change what their name says. A participant's key has none of them: it opens the pages under
 * `/api/participants/{its own id}` and nothing else.
 */
export const OPERATOR_SCOPES = [
  'read',
  'payments:write',
  'network:write',
  'settlement:write',
  'caps:write',
  'ledger:read',
  'queues:write',
  'simulations:write',
  'operators:write',
  'approvals:write',
] as const;
export const operatorScope = z.enum(OPERATOR_SCOPES, {
  error: `give one of ${OPERATOR_SCOPES.join(', ')}`,
});
export type OperatorScope = z.infer<typeof operatorScope>;

/** Who a key belongs to; `bootstrap` is the holder of the data folder. */
const person = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,47}$/, 'give 1 to 48 lower-case letters, digits, dots or dashes')
  .refine((name) => name !== 'bootstrap', 'bootstrap is the holder of the data folder');

export const operatorKeyRequest = z
  .object({
    name: person.describe('Names the key; no two keys in force have one name'),
    person: person.optional().describe('Whose key it is; default: its name'),
    scopes: z.array(operatorScope).max(OPERATOR_SCOPES.length).default([]),
    participant: z
      .string()
      .regex(/^[a-z][a-z0-9_]{1,63}$/, 'give the id of a participant')
      .optional()
      .describe('Makes it the key of a participant, for its own pages alone; without scopes'),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe('Default: never'),
  })
  .refine(
    ({ scopes, participant }) => (participant === undefined) === scopes.length > 0,
    'give either scopes or a participant',
  )
  .meta({ title: 'OperatorKeyRequest' });

export const operatorKey = z
  .object({
    id: z.string(),
    name: z.string(),
    person: z.string(),
    scopes: z.array(operatorScope),
    participant: z.string().nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
    issuedBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
  })
  .meta({ title: 'OperatorKey' });
export const operatorKeyPage = pageSchema(operatorKey).meta({ title: 'OperatorKeyPage' });

export const issuedOperatorKey = z
  .object({
    ...operatorKey.shape,
    key: z.string().describe('The secret. It is shown now and never again.'),
  })
  .meta({ title: 'IssuedOperatorKey' });

export const callerView = z
  .object({
    kind: z.enum(['operator', 'participant', 'open']),
    name: z.string().nullable(),
    person: z.string().nullable(),
    participant: z.string().nullable(),
    scopes: z.array(operatorScope),
  })
  .meta({ title: 'Caller' });

/** Any JSON value; what it means is the action's. */
const record = z.record(z.string(), z.unknown()).nullable();

export const auditEntry = z
  .object({
    seq: z.string(),
    at: z.iso.datetime(),
    outcome: z.enum(['done', 'denied']),
    person: z.string().nullable().describe('Null for a caller without a key'),
    keyName: z.string().nullable(),
    participant: z.string().nullable(),
    scope: z.string().nullable(),
    action: z.string(),
    subject: z.string(),
    before: record,
    after: record,
    reason: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ title: 'AuditEntry' });
export const auditPage = pageSchema(auditEntry).meta({ title: 'AuditPage' });

const word = z.string().min(1).max(200);
export const auditQuery = pageQuerySchema.extend({
  person: word.optional(),
  action: word.optional(),
  subject: word.optional(),
  outcome: z.enum(['done', 'denied']).optional(),
});

export const APPROVAL_STATES = ['pending', 'executed', 'rejected', 'expired'] as const;

export const approvalRequest = z
  .object({
    action: z.string().max(64).describe('One of those that GET /api/approvals/actions lists'),
    payload: z.record(z.string(), z.unknown()).describe("By the action's own schema"),
    reason: z.string().min(1).max(500).describe('Why; kept in the audit log'),
  })
  .meta({ title: 'ApprovalRequest' });

export const approvalDecision = z
  .object({ reason: z.string().max(500).optional() })
  .meta({ title: 'ApprovalDecision' });

export const approval = z
  .object({
    id: z.string(),
    action: z.string(),
    subject: z.string(),
    summary: z.string().describe('One sentence: what will be done'),
    payload: z.record(z.string(), z.unknown()),
    state: z.enum(APPROVAL_STATES),
    proposedBy: z.string(),
    proposedAt: z.iso.datetime(),
    reason: z.string(),
    expiresAt: z.iso.datetime(),
    decidedBy: z.string().nullable(),
    decidedAt: z.iso.datetime().nullable(),
    decisionReason: z.string().nullable(),
  })
  .meta({ title: 'Approval' });
export const approvalPage = pageSchema(approval).meta({ title: 'ApprovalPage' });
export const approvalQuery = pageQuerySchema.extend({
  state: z.enum(APPROVAL_STATES).optional(),
  action: word.optional(),
});
export const approvalActions = z
  .object({ actions: z.array(z.object({ action: z.string(), scope: operatorScope })) })
  .meta({ title: 'ApprovalActions' });

export type OperatorKeyRequest = z.output<typeof operatorKeyRequest>;
export type OperatorKeyView = z.output<typeof operatorKey>;
export type IssuedOperatorKey = z.output<typeof issuedOperatorKey>;
export type CallerView = z.output<typeof callerView>;
export type AuditEntryView = z.output<typeof auditEntry>;
export type AuditQuery = z.output<typeof auditQuery>;
export type ApprovalRequest = z.output<typeof approvalRequest>;
export type ApprovalDecision = z.output<typeof approvalDecision>;
export type ApprovalView = z.output<typeof approval>;
export type ApprovalQuery = z.output<typeof approvalQuery>;
export type ApprovalActions = z.output<typeof approvalActions>;
export type ApprovalState = (typeof APPROVAL_STATES)[number];
