import { createHash } from 'node:crypto';

/**
 * What a simulated customer or store does, chosen by the end of its id: `cus_insufficient` and
 * `cus_somchai_insufficient` both have too little money, `cus_somchai` pays. So a test states
 * the trouble it wants in the id it uses, and the same id makes the same trouble tomorrow.
 */
export interface Behaviour {
  /** What comes of the request in the end. */
  readonly ending: 'paid' | 'refused' | 'open';
  /** Result code of a refusal. */
  readonly code?: string;
  /** The first answer is U, the ending shows at the first inquiry (`open`: never). */
  readonly late?: boolean;
  readonly delayMs?: number;
  /** How the answer is spoiled, after the request has been processed. */
  readonly spoil?: 'noAnswer' | 'dropConnection' | 'badSignature';
  /** The request is lost: neither processed nor answered. */
  readonly lost?: boolean;
  readonly about: string;
}

/** Of wallets' customers, for `payments/pay` and for codes they scan themselves. */
export const CUSTOMER_BEHAVIOURS = {
  ok: { ending: 'paid', about: 'Pays.' },
  insufficient: {
    ending: 'refused',
    code: 'USER_BALANCE_NOT_ENOUGH',
    about: 'Has too little money, whatever the balance.',
  },
  limit: {
    ending: 'refused',
    code: 'USER_AMOUNT_EXCEED_LIMIT',
    about: 'Is over a limit of the wallet.',
  },
  kyc: {
    ending: 'refused',
    code: 'USER_KYC_NOT_QUALIFIED',
    about: 'Has not proved who it is.',
  },
  risk: { ending: 'refused', code: 'RISK_REJECT', about: 'Looks like fraud to the wallet.' },
  frozen: { ending: 'refused', code: 'USER_STATUS_ABNORMAL', about: 'Has a frozen account.' },
  nobody: { ending: 'refused', code: 'USER_NOT_EXIST', about: 'Is not a customer.' },
  latesuccess: { ending: 'paid', late: true, about: 'U first; an inquiry finds it paid.' },
  latefail: {
    ending: 'refused',
    code: 'USER_PAYMENT_VERIFICATION_FAILED',
    late: true,
    about: 'U first; an inquiry finds it refused.',
  },
  unknown: { ending: 'open', late: true, about: 'U for ever; only a cancel ends it.' },
  slow: { ending: 'paid', delayMs: 3_000, about: 'Pays after 3 s.' },
  timeout: { ending: 'paid', spoil: 'noAnswer', about: 'Pays, but the answer never comes.' },
  lost: { ending: 'open', lost: true, about: 'The request is lost; no inquiry knows it.' },
  drop: { ending: 'paid', spoil: 'dropConnection', about: 'Pays, then hangs up.' },
  badsignature: { ending: 'paid', spoil: 'badSignature', about: 'Pays, answers ill-signed.' },
} as const satisfies Record<string, Behaviour>;

/** Of acquirers' stores, for `payments/pushPayment`. */
export const STORE_BEHAVIOURS = {
  ok: { ending: 'paid', about: 'Credits the merchant.' },
  pushfail: {
    ending: 'refused',
    code: 'MERCHANT_KYB_NOT_QUALIFIED',
    about: 'Refuses the push; the payer must get the money back.',
  },
  pushlate: { ending: 'paid', late: true, about: 'U first; an inquiry finds it credited.' },
  pushlatefail: {
    ending: 'refused',
    code: 'PROCESS_FAIL',
    late: true,
    about: 'U first; an inquiry finds it refused.',
  },
  pushunknown: { ending: 'open', late: true, about: 'U for ever.' },
  pushslow: { ending: 'paid', delayMs: 3_000, about: 'Credits after 3 s.' },
  pushtimeout: { ending: 'paid', spoil: 'noAnswer', about: 'Credits, but never answers.' },
  pushdrop: { ending: 'paid', spoil: 'dropConnection', about: 'Credits, then hangs up.' },
  pushbadsignature: { ending: 'paid', spoil: 'badSignature', about: 'Credits, ill-signed.' },
} as const satisfies Record<string, Behaviour>;

/** Of wallets' customers, for `payments/refund`; such a customer pays like any other. */
export const REFUND_BEHAVIOURS = {
  ok: { ending: 'paid', about: 'Gets the money back.' },
  refundfail: {
    ending: 'refused',
    code: 'USER_STATUS_ABNORMAL',
    about: 'Has closed the account since; the wallet cannot pay back.',
  },
  refundlate: { ending: 'paid', late: true, about: 'U first; asked again, it is paid back.' },
  refundslow: { ending: 'paid', delayMs: 3_000, about: 'Gets it back after 3 s.' },
  refundtimeout: { ending: 'paid', spoil: 'noAnswer', about: 'Gets it back, without an answer.' },
  refunddrop: { ending: 'paid', spoil: 'dropConnection', about: 'Gets it back, then hangs up.' },
} as const satisfies Record<string, Behaviour>;

export type StoreBehaviourName = keyof typeof STORE_BEHAVIOURS;

export const STORE_BEHAVIOUR_NAMES = Object.keys(STORE_BEHAVIOURS) as StoreBehaviourName[];

/** A customer whose every payment is drawn anew, from the seed and the request id alone. */
export const FLAKY = 'flaky';

/** In hundredths; what is left pays. */
const FLAKY_ODDS: readonly (readonly [name: keyof typeof CUSTOMER_BEHAVIOURS, odds: number])[] = [
  ['insufficient', 10],
  ['latesuccess', 10],
  ['latefail', 5],
  ['timeout', 5],
  ['drop', 5],
  ['badsignature', 5],
];

/** The behaviour of a customer for one request. */
export function customerBehaviour(customerId: string, requestId: string, seed: string): Behaviour {
  const ending = endingOf(customerId);
  if (ending === FLAKY) return drawn(requestId, seed);
  return byName(CUSTOMER_BEHAVIOURS, ending) ?? CUSTOMER_BEHAVIOURS.ok;
}

/** How a customer's wallet takes refunds. */
export function refundBehaviour(customerId: string): Behaviour {
  return byName(REFUND_BEHAVIOURS, endingOf(customerId)) ?? REFUND_BEHAVIOURS.ok;
}

/** The behaviour of a store: what was asked for, else by the end of its id or its terminal's. */
export function storeBehaviour(
  storeId: string,
  terminalId: string,
  asked?: StoreBehaviourName,
): Behaviour {
  if (asked !== undefined) return STORE_BEHAVIOURS[asked];
  return (
    byName(STORE_BEHAVIOURS, endingOf(storeId)) ??
    byName(STORE_BEHAVIOURS, endingOf(terminalId)) ??
    STORE_BEHAVIOURS.ok
  );
}

function byName(table: Readonly<Record<string, Behaviour>>, name: string): Behaviour | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function endingOf(id: string): string {
  return id.toLowerCase().split(/[_-]/).at(-1) ?? '';
}

function drawn(requestId: string, seed: string): Behaviour {
  const digest = createHash('sha256').update(`${seed}\n${requestId}`).digest();
  let draw = digest.readUInt32BE(0) % 100;
  for (const [name, odds] of FLAKY_ODDS) {
    if (draw < odds) return CUSTOMER_BEHAVIOURS[name];
    draw -= odds;
  }
  return CUSTOMER_BEHAVIOURS.ok;
}
