import type { OutgoingIsoFile } from '#contracts/iso20022/addressed';
import type { MessageBodies, MessageName } from '#contracts/iso20022/messages';
import { uetrOf } from '#contracts/iso20022/uetr';

/** Each message with every optional part, more of them than the hub itself says. */

const AT_MS = Date.UTC(2026, 2, 2, 7, 4, 5, 678);
const PAYMENT = 'pay_01kjpcwm2e7q3n8v5t9x2b4d6f';
const uetr = uetrOf(PAYMENT) ?? '';
const hub = { id: 'wayfare', name: 'Wayfare' };
const wallet = { id: 'truemoney', name: 'TrueMoney' };
const bank = { id: 'bnk_settlement', name: 'Settlement bank' };
const jpy = (minor: bigint) => ({ currency: 'JPY', minor });
const kwd = { currency: 'KWD', minor: 1_234_567n };

const original = {
  originalMessageId: 'msg_1',
  originalMessageName: 'pacs.008.001.08',
  originalInstructionId: PAYMENT,
  originalEndToEndId: PAYMENT,
  originalTransactionId: PAYMENT,
  originalUetr: uetr,
};
const group = { messageId: 'msg_2', createdAtMs: AT_MS };
const between = { instructingAgent: wallet, instructedAgent: hub };

const account = {
  id: 'stm_1',
  sequence: 17,
  createdAtMs: AT_MS,
  fromMs: AT_MS,
  toMs: AT_MS + 86_400_000,
  account: { id: 'truemoney:KWD', currency: 'KWD', name: 'Clearing', owner: wallet, servicer: hub },
};
const entry = {
  reference: 'ent_1',
  amount: kwd,
  side: 'DBIT' as const,
  reversal: true,
  status: 'BOOK',
  bookedAtMs: AT_MS,
  valueDate: '2026-03-04',
  servicerReference: 'ent_1',
  kind: 'interchange',
  details: [
    {
      batchMessageId: 'msg_3',
      batchCount: 2,
      endToEndId: PAYMENT,
      uetr,
      transactionId: PAYMENT,
      clearingReference: 'cyc_20260302/1',
    },
    { batchCount: 3 },
  ],
  explanation: 'Interchange of the cycle',
};
const pending = { ...entry, reference: 'ent_2', status: 'PDNG' };
const opening = { type: 'OPBD', amount: kwd, side: 'CRDT' as const, date: '2026-03-02' };
const closing = { type: 'CLBD', amount: { ...kwd, minor: 0n }, side: 'CRDT' as const, atMs: AT_MS };

const bodies: MessageBodies = {
  'pacs.008.001.08': {
    ...group,
    ...between,
    count: 2,
    total: jpy(3_600n),
    settlementDate: '2026-03-04',
    transactions: [1_200n, 2_400n].map((minor) => ({
      instructionId: PAYMENT,
      endToEndId: PAYMENT,
      transactionId: PAYMENT,
      uetr,
      clearingReference: 'cyc_20260302/1',
      settlementAmount: jpy(minor),
      settlementDate: '2026-03-04',
      acceptedAtMs: AT_MS,
      instructedAmount: kwd,
      exchangeRate: '0.0020588',
      chargeBearer: 'SHAR',
      debtor: { pseudonym: 'user-77' },
      debtorAgent: wallet,
      creditorAgent: hub,
      creditor: { id: 'mer_1', name: '祇園 麺屋かわら', city: 'Kyoto', country: 'JP' },
      purpose: 'GDDS',
      remittance: ['one', 'two'],
    })),
  },
  'pacs.002.001.10': {
    ...group,
    ...between,
    transactions: [
      {
        ...original,
        statusId: 'sts_1',
        status: 'RJCT',
        reason: 'AM04',
        explanations: ['not enough', 'of it'],
        acceptedAtMs: AT_MS,
        clearingReference: 'cyc_20260302/1',
      },
      { ...original, status: 'RJCT', ownReason: 'RISK_REJECT', explanations: [] },
    ],
  },
  'pacs.004.001.09': {
    ...group,
    ...between,
    count: 1,
    total: jpy(600n),
    settlementDate: '2026-03-05',
    transactions: [
      {
        ...original,
        returnId: 'ref_1',
        originalClearingReference: 'cyc_20260302/1',
        originalSettlementAmount: jpy(1_200n),
        originalSettlementDate: '2026-03-04',
        returnedAmount: jpy(600n),
        settlementDate: '2026-03-05',
        returnedInstructedAmount: kwd,
        exchangeRate: '12345678901',
        chargeBearer: 'SLEV',
        clearingReference: 'cyc_20260303/9',
        reason: 'MD06',
        explanations: ['came back', 'with it'],
      },
    ],
  },
  'pacs.009.001.08': {
    ...group,
    ...between,
    count: 1,
    total: kwd,
    transactions: [
      {
        instructionId: 'set_1',
        endToEndId: 'set_1',
        transactionId: 'set_1',
        uetr,
        settlementAmount: kwd,
        settlementDate: '2026-03-04',
        debtor: wallet,
        debtorAgent: bank,
        creditorAgent: bank,
        creditor: hub,
        remittance: ['cycle cyc_20260302', 'first part'],
      },
    ],
  },
  'camt.052.001.08': {
    ...group,
    reports: [
      { ...account, balances: [opening, closing], entries: [entry, pending] },
      { ...account, balances: [], entries: [] },
    ],
  },
  'camt.053.001.08': {
    ...group,
    statements: [{ ...account, balances: [opening, closing], entries: [entry, pending] }],
  },
  'camt.054.001.08': { ...group, advices: [{ ...account, entries: [entry, pending] }] },
  'camt.056.001.09': {
    assignmentId: 'msg_4',
    assigner: hub,
    assignee: wallet,
    createdAtMs: AT_MS,
    count: 1,
    transactions: [
      {
        ...original,
        cancellationId: 'can_1',
        originalSettlementAmount: jpy(1_200n),
        originalSettlementDate: '2026-03-04',
        reason: 'CUST',
        explanations: ['changed', 'their mind'],
      },
    ],
  },
  'camt.088.001.01': {
    ...group,
    cutOff: '23:59:59+08:00',
    reportDate: '2026-03-02',
    valueDate: '2026-03-04',
    reportType: 'cyc_20260302',
    servicer: hub,
    participant: wallet,
    obligations: [
      {
        obligationId: 'obl_1',
        amount: kwd,
        participant: wallet,
        direction: 'PAYM',
        counterparty: hub,
        count: 12,
      },
    ],
  },
};

export const fullestIsoFiles: readonly OutgoingIsoFile[] = (
  Object.keys(bodies) as MessageName[]
).map((name) => ({
  header: {
    from: hub,
    to: wallet,
    businessMessageId: 'msg_2',
    messageDefinition: name,
    businessService: 'wayfare.clearing.01',
    createdAtMs: AT_MS,
    copy: 'CODU',
    mayBeDuplicate: false,
    priority: 'HIGH',
  },
  message: { name, body: bodies[name] } as OutgoingIsoFile['message'],
}));
