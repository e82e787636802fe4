/** One disagreement with the peer library, by direction, with its reason. */
export interface Divergence {
  readonly why: string;
  readonly oursOnly: string;
  readonly peerOnly: string;
}

/**
 * Weekdays of 2024 to 2027 on which our calendars and the public holidays of date-holidays differ.
 * They are public holidays there and settlement days here, so a list is expected; it is kept whole,
 * so that a changed day on either side is seen and looked into.
 */
export const PEER_DIVERGENCES: Readonly<Record<string, Divergence>> = {
  JPY: {
    why: 'they agree',
    oursOnly: '',
    peerOnly: '',
  },
  THB: {
    why: 'the peer has no substitutes, no bank-only days and Buddhist Lent, on which banks work',
    oursOnly: `2024-02-26 2024-04-08 2024-04-12 2024-04-16 2024-05-01 2024-05-06 2024-07-22
      2024-07-29 2024-10-14 2025-02-12 2025-04-07 2025-04-16 2025-05-01 2025-05-05
      2025-06-02 2025-08-11 2026-01-02 2026-05-01 2026-06-01 2026-12-07 2027-02-22
      2027-05-03 2027-05-20 2027-07-19 2027-10-25 2027-12-06`,
    peerOnly: `2024-07-19 2025-02-13 2025-07-11 2026-07-30`,
  },
  KRW: {
    why: 'the peer leaves out elections, temporary holidays, some eves and the bank-only first of May',
    oursOnly: `2024-02-09 2024-04-10 2024-05-01 2024-10-01 2025-01-27 2025-01-28 2025-05-01
      2025-06-03 2026-02-16 2026-05-01 2026-06-03 2027-05-03`,
    peerOnly: `2025-01-31 2026-02-19`,
  },
  HKD: {
    why: 'they agree',
    oursOnly: '',
    peerOnly: '',
  },
  SGD: {
    why: 'the peer moves Islamic days and Vesak differently',
    oursOnly: `2024-06-17 2027-03-10 2027-05-17 2027-05-20`,
    peerOnly: `2027-03-09`,
  },
  MYR: {
    why: 'the peer places Islamic days a day off and leaves out the substitutes of Kuala Lumpur',
    oursOnly: `2024-03-28 2024-06-17 2024-07-08 2025-03-18 2025-04-01 2025-06-27 2025-09-05
      2025-09-15 2026-02-02 2026-03-20 2026-03-23 2026-06-02 2027-01-22 2027-03-11
      2027-05-17 2027-05-20 2027-06-08 2027-08-16`,
    peerOnly: `2024-03-27 2025-03-17 2025-06-06 2025-06-26 2025-09-04 2027-03-09`,
  },
  PHP: {
    why: 'the peer has the regular holidays alone, not the special non-working days',
    oursOnly: `2024-02-09 2024-06-17 2024-08-23 2024-11-01 2024-12-24 2024-12-31 2025-01-29
      2025-04-01 2025-05-12 2025-08-21 2025-10-31 2025-12-08 2025-12-24 2025-12-31
      2026-02-17 2026-08-21 2026-11-02 2026-12-08 2026-12-24 2026-12-31 2027-11-01
      2027-11-02 2027-12-08 2027-12-24 2027-12-31`,
    peerOnly: '',
  },
  CNY: {
    why: 'the peer has the festivals themselves, not the days off the yearly notice makes of them',
    oursOnly: `2024-02-12 2024-02-13 2024-02-14 2024-02-15 2024-02-16 2024-04-05 2024-05-02
      2024-05-03 2024-09-16 2024-10-04 2024-10-07 2025-01-31 2025-02-03 2025-02-04
      2025-05-02 2025-05-05 2025-06-02 2025-10-07 2025-10-08 2026-01-02 2026-02-19
      2026-02-20 2026-02-23 2026-04-06 2026-05-05 2026-10-05 2026-10-06 2026-10-07
      2027-02-08 2027-02-09 2027-02-10 2027-05-03 2027-10-04 2027-10-05`,
    peerOnly: `2024-02-09 2024-03-08 2024-08-01 2025-08-01 2026-06-01 2027-03-08 2027-06-01`,
  },
  USD: {
    why: 'the Federal Reserve does not observe a Saturday holiday on the Friday',
    oursOnly: '',
    peerOnly: `2026-07-03 2027-06-18 2027-12-24 2027-12-31`,
  },
};
