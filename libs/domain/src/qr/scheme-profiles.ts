import { CARD_SCHEMES } from './scheme-profiles-cards.js';
import { ASIAN_SCHEMES } from './scheme-profiles-asia.js';
import { WALLET_SCHEMES } from './scheme-profiles-wallets.js';
import { OTHER_SCHEMES } from './scheme-profiles-other.js';
import type { SchemeProfile } from './scheme.js';

/** Every scheme the hub knows, national ones first: the first match is the one to route by. */
export const SCHEME_PROFILES: readonly SchemeProfile[] = [
  ...ASIAN_SCHEMES,
  ...OTHER_SCHEMES,
  ...WALLET_SCHEMES,
  ...CARD_SCHEMES,
];
