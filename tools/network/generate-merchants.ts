import {
  CATEGORIES,
  MARKETS,
  NAMED_CAST,
  type MarketWords,
  type NamedMerchant,
} from './cast-words.js';

/** One line of data/network/merchants.jsonl. */
export interface CastMerchant {
  readonly id: string;
  readonly acquirer: string;
  readonly name: string;
  readonly displayName: string;
  readonly mcc: string;
  readonly market: string;
  readonly city: string;
  readonly currency: string;
  readonly fictional: true;
  readonly source: 'cast';
  readonly stores: readonly CastStore[];
}

interface CastStore {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly terminalId: string;
  readonly codes: readonly { scheme: string; identifiers: Record<string, string> }[];
}

/** A shop's name must fit EMVCo field 59, or its printed code could not carry it. */
const NAME_MAX_CHARS = 25;

/** Mulberry32: small, and the same on every machine, so that the cast never changes by itself. */
function seededRandom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function words(list: string): string[] {
  return list.split(' ').map((word) => word.replaceAll('.', ' '));
}

function draw<T>(random: (bound: number) => number, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

function drawCategory(random: (bound: number) => number, market: MarketWords) {
  let rest = random(CATEGORIES.reduce((sum, [weight]) => sum + weight, 0));
  const found = CATEGORIES.find(([weight]) => (rest -= weight) < 0);
  const [, mccs, kinds] = found as (typeof CATEGORIES)[number];
  const mccList = mccs.split(' ');
  const own: Record<string, string> = {
    eateries: market.eateries,
    cafes: market.cafes,
    bars: market.bars,
  };
  const kindList = words(own[kinds] ?? kinds);
  // A kind word belongs to the MCC at its own place, so that a flower shop is not a craft shop.
  const index = random(kindList.length);
  return { mcc: mccList[index % mccList.length] as string, kind: kindList[index] as string };
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

interface CodeSubject {
  readonly acquirerNumber: number;
  readonly ordinal: number;
  readonly store: number;
}

type SchemeCode = CastStore['codes'][number];

/**
 * The identifiers a store's printed national code carries, by market and by child tag of the
 * scheme's account template. All numbers begin with 98 or 99 where the scheme leaves room: ranges
 * that no issuer of the scheme is known to use.
 */
const SCHEME_CODES: Readonly<Record<string, (of: CodeSubject) => SchemeCode[]>> = {
  JP: ({ acquirerNumber, ordinal, store }) => [
    {
      scheme: 'jpqr',
      identifiers: {
        '01': `98${digits(acquirerNumber, 3)}${digits(ordinal, 8)}`,
        '02': digits(acquirerNumber, 4),
        '03': digits(store, 6),
        '04': '000001',
      },
    },
  ],
  TH: ({ ordinal, store }) => [
    {
      scheme: 'promptpay',
      identifiers: {
        '01': `99${digits(ordinal, 11)}98`,
        '02': `STORE${digits(ordinal, 5)}${digits(store, 2)}`,
      },
    },
  ],
  KR: ({ ordinal, store }) => [
    { scheme: 'bccard', identifiers: { '05': `98${digits(ordinal, 5)}${digits(store, 2)}` } },
  ],
  SG: ({ ordinal, store }) => [
    {
      scheme: 'paynow',
      identifiers: { '01': '2', '02': `2098${digits(ordinal, 5)}W${digits(store, 3)}`, '03': '1' },
    },
    {
      scheme: 'sgqr',
      identifiers: { '01': `9812${digits(ordinal, 6)}${digits(store, 2)}` },
    },
  ],
  MY: ({ ordinal, store }) => [
    {
      scheme: 'duitnow',
      identifiers: { '01': '890998', '02': `MDN98${digits(ordinal, 12)}${digits(store, 3)}` },
    },
  ],
  HK: ({ ordinal, store }) => [
    { scheme: 'fps', identifiers: { '02': `98${digits(ordinal, 5)}${digits(store, 2)}` } },
  ],
  PH: ({ ordinal, store }) => [
    {
      scheme: 'qrph',
      identifiers: {
        '01': 'WYFRPHM2XXX',
        '03': `98${digits(ordinal, 16)}${digits(store, 3)}`,
        '05': '000',
      },
    },
  ],
  ID: ({ ordinal, store }) => [
    { scheme: 'qris', identifiers: { '02': `ID98${digits(ordinal, 9)}${digits(store, 2)}` } },
  ],
};

/** The acquirer's own number, as data/network/acquirers.jsonl orders them. */
const ACQUIRER_NUMBERS = [...new Set(MARKETS.flatMap((market) => market.places.map(([id]) => id)))];

function castMerchant(
  named: Omit<NamedMerchant, 'address'>,
  currency: string,
  ordinal: number,
  addresses: readonly string[],
): CastMerchant {
  const slug = named.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  const acquirerNumber = 701 + ACQUIRER_NUMBERS.indexOf(named.acquirer);
  return {
    id: `mer_${slug}`,
    acquirer: named.acquirer,
    name: named.name,
    displayName: named.name,
    mcc: named.mcc,
    market: named.market,
    city: named.city,
    currency,
    fictional: true,
    source: 'cast',
    stores: addresses.map((address, index) => ({
      id: `sto_${slug}_${String(index + 1)}`,
      name: index === 0 ? named.name : `${named.name}, branch ${String(index + 1)}`,
      address,
      terminalId: `T${digits(ordinal, 5)}${digits(index + 1, 2)}`,
      codes: SCHEME_CODES[named.market]?.({ acquirerNumber, ordinal, store: index + 1 }) ?? [],
    })),
  };
}

/** The whole invented cast of merchants, the named ones first in their market. */
export function generateMerchants(): CastMerchant[] {
  const random = seededRandom(20_240_401);
  const merchants: CastMerchant[] = [];
  const names = new Set<string>();
  for (const market of MARKETS) {
    const named = NAMED_CAST.filter((merchant) => merchant.market === market.market);
    for (const merchant of named) {
      names.add(merchant.name);
      merchants.push(
        castMerchant(merchant, market.currency, merchants.length + 1, [merchant.address]),
      );
    }
    const places = market.places.flatMap(([acquirer, city, list]) =>
      words(list).map((district) => ({ acquirer, city, district })),
    );
    let made = named.length;
    while (made < market.count) {
      const { acquirer, city, district } = draw(random, places);
      const { mcc, kind } = drawCategory(random, market);
      const name = `${district} ${draw(random, words(market.brands))} ${kind}`;
      if (name.length > NAME_MAX_CHARS || names.has(name)) continue;
      names.add(name);
      made += 1;
      // Chains are common among convenience stores and rare elsewhere.
      const stores = mcc === '5499' ? 1 + random(3) : random(8) === 0 ? 2 : 1;
      const addresses = Array.from(
        { length: stores },
        () => `${String(1 + random(40))}-${String(1 + random(20))} ${district}, ${city}`,
      );
      const cast = { market: market.market, acquirer, city, name, mcc };
      merchants.push(castMerchant(cast, market.currency, merchants.length + 1, addresses));
    }
  }
  return merchants;
}

/** The text of data/network/merchants.jsonl; a test compares it with the committed file. */
export function merchantsJsonl(): string {
  return generateMerchants()
    .map((merchant) => `${JSON.stringify(merchant)}\n`)
    .join('');
}
