import type { OutgoingIsoFile } from '#contracts/iso20022/addressed';
import type { AccountEntryFacts, Institution, MessageFacts } from '#contracts/iso20022/facts';
import { writeIsoFile } from '#contracts/iso20022/messages';
import {
  instructSettlement,
  reportNet,
  stateAccount,
} from '#contracts/iso20022/settlement-messages';
import type { IsoKind } from '#contracts/clearing-files/file-names';
import { sha256Of } from './csv-draft.js';
import type { CycleTerms } from './cycle-terms.js';
import type { LegsOf } from './file-legs.js';
import type { FileTotals } from './file-totals.js';

/** How the hub and its bank are named in messages. */
export const HUB_INSTITUTION: Institution = { id: 'wayfare', name: 'Wayfare hub' };
export const BANK_INSTITUTION: Institution = {
  id: 'settlement_bank',
  name: 'Settlement bank of the hub',
};

/** Unique for ever, since file names are: `camt088-` and the first digits of the name's hash. */
export function messageIdOf(fileName: string): string {
  const kind = (fileName.split('_')[0] ?? '').replace('.', '');
  return `${kind}-${sha256Of(fileName)}`.slice(0, 35);
}

/** At most 34 characters, the same for every statement of the account. */
export function accountIdOf({ participantId, currency }: LegsOf): string {
  const plain = `${participantId}-${currency}`;
  return plain.length <= 34 ? plain : `${sha256Of(plain).slice(0, 30)}-${currency}`;
}

export interface IsoParts {
  readonly of: LegsOf;
  readonly terms: CycleTerms;
  readonly totals: FileTotals;
  readonly createdAtMs: number;
  /** Number of this statement of the participant's account. */
  readonly sequence: number;
}

/**
 * What a set says in ISO 20022: always the statement of the cycle's account, and where something
 * is due on a day, the net and the transfer that settles it.
 */
export function isoFilesOf(
  parts: IsoParts,
  nameOf: (kind: IsoKind) => string,
): { readonly kind: IsoKind; readonly name: string; readonly text: string }[] {
  const { of, terms } = parts;
  const participant = { id: of.participantId, name: terms.participantName };
  const facts = (kind: IsoKind, to: Institution): MessageFacts => ({
    messageId: messageIdOf(nameOf(kind)),
    createdAtMs: parts.createdAtMs,
    hub: HUB_INSTITUTION,
    participant: to,
  });
  const file = (kind: IsoKind, outgoing: OutgoingIsoFile) => ({
    kind,
    name: nameOf(kind),
    text: isoText(outgoing),
  });
  const statement = file(
    'camt.053',
    stateAccount(facts('camt.053', participant), accountOf(parts)),
  );
  const { valueDate, obligationId } = terms;
  if (valueDate === null || obligationId === null) return [statement];
  const net = { currency: of.currency, minor: terms.minor };
  const pays = terms.minor > 0n;
  return [
    statement,
    file(
      'camt.088',
      reportNet(facts('camt.088', participant), {
        cycleId: of.cycleId,
        cutOffMs: terms.endsAtMs,
        valueDate,
        obligations: [{ obligationId, net, count: parts.totals.count }],
      }),
    ),
    file(
      'pacs.009',
      instructSettlement(facts('pacs.009', BANK_INSTITUTION), [
        {
          transferId: obligationId,
          cycleId: of.cycleId,
          payer: pays ? participant : HUB_INSTITUTION,
          payee: pays ? HUB_INSTITUTION : participant,
          amount: { currency: of.currency, minor: pays ? terms.minor : -terms.minor },
          valueDate,
        },
      ]),
    ),
  ];
}

export function isoText({ header, message }: OutgoingIsoFile): string {
  const written = writeIsoFile(header, message);
  if (written.ok) return written.value;
  const [fault] = written.faults;
  throw new Error(
    `${message.name} cannot be written: ${fault?.path ?? ''} ${fault?.problem ?? ''}`,
  );
}

/** The account opens with what earlier cycles left and closes with what is to be paid. */
function accountOf({ of, terms, totals, sequence }: IsoParts) {
  const [payments, refunds] = [totals.of('PAYMENT'), totals.of('REFUND')];
  const sign = of.role === 'wallet' ? -1n : 1n;
  const entry = (kind: string, minor: bigint, count: number): AccountEntryFacts => ({
    entryId: `${of.cycleId}-${kind}`,
    kind,
    minor,
    bookedAtMs: terms.finalAtMs,
    batch: { count },
  });
  const entries = [
    entry('payments', sign * payments.settlement, payments.count),
    entry('interchange', -sign * payments.interchange, payments.count),
    entry('serviceFee', -payments.serviceFee, payments.count),
    entry('refunds', -sign * refunds.settlement, refunds.count),
    entry('interchangeBack', sign * refunds.interchange, refunds.count),
  ];
  return {
    accountId: accountIdOf(of),
    currency: of.currency,
    name: `Clearing account of ${terms.participantName}`,
    sequence,
    fromMs: terms.startsAtMs,
    toMs: terms.endsAtMs,
    openingMinor: -terms.carriedIn,
    entries: entries.filter(({ minor }) => minor !== 0n),
  };
}
