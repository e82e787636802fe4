import { BREAK_STATES } from '#domain/reconciliation/break-life';
import { BREAK_TYPE_NAMES } from '#domain/reconciliation/break-types';
import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

/** Breaks between partners' files and the hub's books, as operators read them and act on them. */
const owner = z.enum(['wallet', 'acquirer', 'hub']);
const breakState = z.enum(BREAK_STATES);
const breakType = z.enum(BREAK_TYPE_NAMES);

export const breakView = z
  .object({
    id: z.string(),
    type: breakType.describe('What is wrong; the list is in docs/reconciliation.md'),
    what: z.string().describe('The type in words'),
    subject: z.string().describe('Payment, refund or file'),
    participant: z.string(),
    side: z.enum(['wallet', 'acquirer']),
    cycle: z.string(),
    state: breakState,
    owner: owner.describe('Who has to act'),
    ownerRule: z.string(),
    severity: z.enum(['high', 'medium', 'low']),
    difference: z
      .object({
        currency: z.string(),
        value: z.string().describe('Minor units, theirs less ours'),
        text: z.string(),
      })
      .nullable(),
    fields: z.array(z.object({ field: z.string(), ours: z.string(), theirs: z.string() })),
    evidence: z.array(z.object({ file: z.string(), line: z.int() })),
    repair: z.object({
      sentence: z.string(),
      action: z
        .looseObject({ kind: z.string() })
        .describe('The same for programs, e.g. requestCorrection with participantId and fields'),
    }),
    openedAt: z.string(),
    endedAt: z.string().nullable(),
    ageBusinessDays: z
      .int()
      .describe('By the calendar of the settlement currency; counts up to the end of the break'),
    overdue: z.boolean().describe('Still live, and older than its type allows'),
  })
  .meta({ title: 'ReconciliationBreak' });

export const breakDetail = breakView
  .extend({
    events: z.array(
      z.object({
        at: z.string(),
        event: z.string(),
        from: breakState.nullable(),
        to: breakState,
        actor: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ title: 'ReconciliationBreakDetail' });

export const breakPage = pageSchema(breakView).meta({ title: 'ReconciliationBreakPage' });

const id = z.string().max(64).optional();

export const breakQuery = pageQuerySchema.extend({
  cycle: id,
  participant: id,
  owner: owner.optional(),
  type: breakType.optional(),
  state: breakState.optional(),
});

/** What one person may do alone; `repair` and `writeOff` take four eyes. */
export const breakActionRequest = z
  .object({
    action: z.enum(['acknowledge', 'explain', 'reopen']),
    reason: z.string().trim().min(3).max(500),
  })
  .meta({ title: 'ReconciliationBreakAction' });

/** Payload of the approvals `breaks.repair` and `breaks.writeOff`. */
export const breakApproval = z
  .object({ breakId: z.string().regex(/^brk_[0-9a-z]{26}$/, 'give the id of a break') })
  .meta({ title: 'ReconciliationBreakApproval' });

export const reconciliationView = z
  .object({
    cycle: z.string(),
    files: z.array(
      z.object({
        name: z.string(),
        participant: z.string(),
        side: z.enum(['wallet', 'acquirer']),
        lines: z.int(),
        part: z.int(),
        parts: z.int(),
        loadedAt: z.string(),
      }),
    ),
    liveBreaks: z.array(z.object({ type: breakType, count: z.int() })),
    lastRun: z
      .object({
        at: z.string(),
        cause: z.enum(['file', 'asked', 'deadline']),
        participant: z.string().nullable().describe('Null for all'),
        legs: z.int().describe('Sides of payments and refunds that files have to show'),
        suspects: z.int().describe('Those that did not agree at first sight'),
        opened: z.int(),
        cleared: z.int(),
      })
      .nullable(),
  })
  .meta({ title: 'Reconciliation' });

export const matchView = z
  .object({ legs: z.int(), suspects: z.int(), opened: z.int(), cleared: z.int() })
  .meta({ title: 'ReconciliationRun' });

export type BreakView = z.infer<typeof breakView>;
export type BreakDetail = z.infer<typeof breakDetail>;
export type BreakQuery = z.infer<typeof breakQuery>;
export type BreakActionRequest = z.infer<typeof breakActionRequest>;
export type BreakApproval = z.infer<typeof breakApproval>;
export type ReconciliationView = z.infer<typeof reconciliationView>;
export type MatchView = z.infer<typeof matchView>;
