import type { AdvanceCommand } from '#domain/payments/advance';
import type { OpenCommand } from '#domain/payments/decide-open';
import type { HubCommand, RecordedCommand } from '#domain/recorded-command';
import type { RefundCommand } from '#domain/refunds/decide-refund';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

/** Commands that this feature decides; the others are recorded where the database decides them. */
type DecidedCommand = Extract<
  HubCommand,
  { readonly kind: 'open' | 'advance' | 'refund' | 'refundAnswer' }
>;

export type DecidedNow = RecordedCommand & { readonly command: DecidedCommand };

const RECORD = prepared(`INSERT INTO decision_log
    (kind, subject, now_ms, clearing_ms, wallet_id, payer, command)
  SELECT r.kind, r.subject, r.now_ms, r.clearing_ms, r.wallet_id,
         encode(sha256(convert_to(s.secret || '|' || r.wallet_id || '|' || r.customer_id, 'UTF8')),
                'hex'),
         r.command
  FROM decision_log_state s,
       unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
              $7::jsonb[])
         WITH ORDINALITY AS r(kind, subject, now_ms, clearing_ms, wallet_id, customer_id, command, no)
  ORDER BY r.no`);

/**
 * Records what one transaction decided, in that order. Call it when the transaction holds all its
 * locks, so that numbers of decisions which depend on each other follow the order of the locks.
 * Payers become pseudonyms; words of partners about a payment, which may be about a person, stay
 * out.
 */
export async function recordDecisions(
  tx: EntityManager,
  decided: readonly DecidedNow[],
): Promise<void> {
  if (decided.length === 0) return;
  const payers = decided.map(({ command }) => payerOf(command));
  await tx.query(RECORD, [
    decided.map(({ command }) => command.kind),
    decided.map(({ command }) => subjectOf(command)),
    decided.map(({ nowMs }) => Math.floor(nowMs)),
    decided.map(({ clearingMs }) => clearingMs),
    payers.map((payer) => payer?.walletId ?? null),
    payers.map((payer) => payer?.customerId ?? null),
    decided.map(({ command }) => JSON.stringify(contentOf(command), withoutWords)),
  ]);
}

/** Turns recording on or off for every process on the database; what is owed already is noted. */
export async function switchDecisionLog(tx: EntityManager, on: boolean): Promise<void> {
  const [rows] = await tx.query<[unknown[], number]>(
    `UPDATE decision_log_state SET recording = $1 WHERE recording <> $1 RETURNING one`,
    [on],
  );
  if (!on || rows.length === 0) return;
  await tx.query(
    `INSERT INTO decision_log (kind, subject, now_ms, command)
     SELECT 'exposureTerms', participant_id, ms_of(clock_timestamp()),
            jsonb_build_object('currency', currency, 'cap', cap::text, 'prefund', prefund::text,
                               'reserved', reserved::text, 'outstanding', outstanding::text)
     FROM exposures ORDER BY participant_id, currency`,
  );
}

interface LogRow {
  readonly seq: string;
  readonly kind: HubCommand['kind'];
  readonly subject: string;
  readonly now_ms: string;
  readonly clearing_ms: string | null;
  readonly wallet_id: string | null;
  readonly payer: string | null;
  readonly command: Stored;
}

/** What was recorded after a number, oldest first, as it can be applied again. */
export async function readDecisions(
  tx: EntityManager,
  after = 0,
  limit = 100_000,
): Promise<(RecordedCommand & { readonly seq: number })[]> {
  const rows = await tx.query<LogRow[]>(
    `SELECT seq, kind, subject, now_ms, clearing_ms, wallet_id, payer, command
     FROM decision_log WHERE seq > $1 ORDER BY seq LIMIT $2`,
    [after, limit],
  );
  return rows.map((row) => ({
    seq: Number(row.seq),
    nowMs: Number(row.now_ms),
    clearingMs: row.clearing_ms === null ? null : Number(row.clearing_ms),
    command: commandOf(row),
  }));
}

function payerOf(
  command: DecidedCommand,
): { readonly walletId: string; readonly customerId: string } | null {
  if (command.kind === 'open') return command.command.payer;
  const { command: step } = command.kind === 'advance' ? command : { command: null };
  return step?.kind === 'identifyPayer' ? step : null;
}

function subjectOf(command: DecidedCommand): string {
  switch (command.kind) {
    case 'open':
      return command.command.id;
    case 'advance':
    case 'refund':
      return command.paymentId;
    case 'refundAnswer':
      return command.refundId;
  }
}

function contentOf(command: DecidedCommand): object {
  switch (command.kind) {
    case 'open':
      return { open: { ...command.command, payer: null, codeValue: null }, target: command.target };
    case 'advance':
      return { advance: command.command };
    case 'refund':
      return { refund: { ...command.command, reason: null }, acquirerOwes: command.acquirerOwes };
    case 'refundAnswer':
      return { answer: command.answer };
  }
}

/** Free text of others, and the payer, who has a column of its own under another name. */
const WORDS = new Set(['detail', 'reason', 'description']);

function withoutWords(key: string, value: unknown): unknown {
  if (key === 'customerId') return undefined;
  if (WORDS.has(key) && typeof value === 'string') return '';
  return typeof value === 'bigint' ? value.toString() : value;
}

/** How `contentOf` comes back: every amount a digit string. */
interface Stored {
  readonly open: Omit<OpenCommand, 'paymentAmount'> & { readonly paymentAmount: StoredMoney };
  readonly target: Extract<HubCommand, { kind: 'open' }>['target'];
  readonly advance: AdvanceCommand;
  readonly refund: Omit<RefundCommand, 'amount'> & { readonly amount: StoredMoney };
  readonly acquirerOwes: string | null;
  readonly answer: Extract<HubCommand, { kind: 'refundAnswer' }>['answer'];
  readonly currency: string;
  readonly cap: string;
  readonly prefund: string;
  readonly reserved?: string;
  readonly outstanding?: string;
  readonly clearing: Extract<HubCommand, { kind: 'closeCycle' }>['clearing'];
  readonly endsAtMs: number;
  readonly minor: string;
}

interface StoredMoney {
  readonly currency: string;
  readonly minor: string;
}

function commandOf(row: LogRow): HubCommand {
  const { kind, command } = row;
  switch (kind) {
    case 'open': {
      const { wallet_id: walletId, payer: customerId } = row;
      const payer = walletId === null || customerId === null ? null : { walletId, customerId };
      const paymentAmount = moneyOf(command.open.paymentAmount);
      return { kind, command: { ...command.open, payer, paymentAmount }, target: command.target };
    }
    case 'advance':
      return {
        kind,
        paymentId: row.subject as `pay_${string}`,
        command:
          command.advance.kind === 'identifyPayer'
            ? { ...command.advance, customerId: row.payer ?? '' }
            : command.advance,
      };
    case 'refund': {
      const { refund, acquirerOwes } = command;
      return {
        kind,
        paymentId: row.subject as `pay_${string}`,
        command: { ...refund, amount: moneyOf(refund.amount) },
        acquirerOwes: acquirerOwes === null ? null : BigInt(acquirerOwes),
      };
    }
    case 'refundAnswer':
      return { kind, refundId: row.subject as `ref_${string}`, answer: command.answer };
    case 'exposureTerms':
    case 'closeCycle':
    case 'finaliseCycle':
    case 'netCycle':
    case 'release':
      return bookCommandOf({ ...row, kind });
  }
}

function bookCommandOf(
  row: LogRow & { readonly kind: Exclude<HubCommand['kind'], DecidedCommand['kind']> },
): HubCommand {
  const { kind, subject, command } = row;
  switch (kind) {
    case 'exposureTerms': {
      const { currency, cap, prefund, reserved, outstanding } = command;
      return {
        kind,
        participantId: subject,
        currency,
        cap: BigInt(cap),
        prefund: BigInt(prefund),
        ...(reserved === undefined ? {} : { reserved: BigInt(reserved) }),
        ...(outstanding === undefined ? {} : { outstanding: BigInt(outstanding) }),
      };
    }
    case 'closeCycle':
      return {
        kind,
        cycleId: subject as `cyc_${string}`,
        clearing: command.clearing,
        endsAtMs: command.endsAtMs,
      };
    case 'finaliseCycle':
    case 'netCycle':
      return { kind, cycleId: subject as `cyc_${string}` };
    case 'release':
      return {
        kind,
        participantId: subject,
        currency: command.currency,
        minor: BigInt(command.minor),
      };
  }
}

function moneyOf({ currency, minor }: StoredMoney): { currency: string; minor: bigint } {
  return { currency, minor: BigInt(minor) };
}
