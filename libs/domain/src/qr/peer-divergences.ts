/** For tests only: a valid code that another decoder is known to read differently, and why. */
export interface Divergence {
  readonly peer: 'promptparse' | 'bakong-khqr';
  /** Top-level object that differs. */
  readonly path: string;
  readonly vector: string;
  readonly why: string;
}

const GUESSES = 'nests a plain object because its value happens to read as objects';

export const KNOWN_DIVERGENCES: readonly Divergence[] = [
  {
    peer: 'promptparse',
    path: '02',
    vector: 'mvallim full-field example: 55=02 with fixed fee 500, 62.50 nested template',
    why: GUESSES,
  },
  {
    peer: 'promptparse',
    path: '05',
    vector: 'Mastercard QR in primitive 05 with UUID*UUID value, USD 100',
    why: GUESSES,
  },
  {
    peer: 'promptparse',
    path: '61',
    vector: 'Nigeria QPI: GUID not first inside 36, 62.11 merchant channel',
    why: GUESSES,
  },
  {
    peer: 'promptparse',
    path: '62',
    vector: 'Maya bills: 62.50 template nested, 80 biller',
    why: 'reads two levels, so that templates of payment systems inside 62 stay whole',
  },
];
