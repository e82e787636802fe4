import type { CurrencyCode } from '../currency.js';
import type { WalletId } from '../ids.js';
import type {
  AcceptanceEdge,
  Acquirer,
  CorridorAgreement,
  Market,
  Merchant,
  PaymentMode,
  Store,
  Wallet,
} from '../network.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import { chooseAcquirer, type Considered } from './choose-acquirer.js';
import type { NetworkSnapshot } from './network-snapshot.js';
import { findPlace, marketOf, type RouteTarget } from './place.js';

export interface RouteQuery {
  readonly walletId: WalletId;
  readonly mode: PaymentMode;
  readonly target: RouteTarget;
  /** Currency of the payment; refused when the place prices in another. */
  readonly currency?: CurrencyCode;
}

/** The way of one payment, with the records that decided it. */
export interface Route {
  readonly revision: string;
  readonly wallet: Wallet;
  readonly acquirer: Acquirer;
  readonly merchant?: Merchant;
  readonly store?: Store;
  readonly corridor: CorridorAgreement;
  readonly edge: AcceptanceEdge;
  /** One sentence for each link, naming the record and version that holds it. */
  readonly reasons: readonly string[];
  readonly considered: readonly Considered[];
}

/**
 * Finds the way of a payment through the network, link by link, and stops at the first that is
 * missing, because a payer who is refused must learn which agreement is not there. The order is
 * wallet, acceptance, corridor, acquirer, merchant: a code nobody registered in a market the
 * wallet does not reach anyway is the wallet's matter, not the merchant's.
 */
export function decideRoute(network: NetworkSnapshot, query: RouteQuery): Outcome<Route> {
  const wallet = network.wallets.get(query.walletId);
  if (wallet === undefined) {
    return rejected('WALLET_UNKNOWN', `No wallet ${query.walletId} takes part in this network.`);
  }
  if (wallet.status === 'suspended') {
    return rejected(
      'INVALID_CONTRACT',
      `${wallet.name} is suspended (wallet ${wallet.id}@${String(wallet.version)}).`,
    );
  }
  const market = marketOf(network, query.target);
  if (!market.ok) return market;
  const edge = findEdge(network, wallet, market.value);
  if (!edge.ok) return edge;
  const corridor = findCorridor(network, wallet, market.value, query.mode);
  if (!corridor.ok) return corridor;
  const place = findPlace(network, query.target, market.value);
  if (!place.ok) return place;
  const choice = chooseAcquirer(network, place.value, query.mode);
  if (!choice.ok) return choice;
  const { acquirer, considered } = choice.value;
  const currency = place.value.currency ?? acquirer.currency;
  if (query.currency !== undefined && query.currency !== currency) {
    return rejected(
      'CURRENCY_NOT_SUPPORT',
      `The payment is in ${query.currency}, but ${place.value.merchant?.displayName ?? acquirer.name} prices in ${currency}.`,
      'paymentAmount.currency',
    );
  }
  const { merchant, store } = place.value;
  return accepted({
    revision: network.revision,
    wallet,
    acquirer,
    ...(merchant === undefined ? {} : { merchant }),
    ...(store === undefined ? {} : { store }),
    corridor: corridor.value,
    edge: edge.value,
    reasons: [
      `${wallet.name} is an active wallet of ${wallet.homeMarket} in ${wallet.currency} (wallet ${wallet.id}@${String(wallet.version)}).`,
      place.value.reason,
      `${wallet.name} is accepted in ${edge.value.market} since ${edge.value.asOf} through ${edge.value.network}, ${edge.value.quality.replace('_', ' ')} (acceptance ${wallet.id}>${edge.value.market}@${String(edge.value.version)}; ${edge.value.source}).`,
      `The corridor ${wallet.homeMarket} to ${edge.value.market} allows ${query.mode} payments (corridor ${corridor.value.id}@${String(corridor.value.version)}).`,
      choice.value.reason,
    ],
    considered,
  });
}

function findEdge(
  network: NetworkSnapshot,
  wallet: Wallet,
  market: Market,
): Outcome<AcceptanceEdge> {
  const edges = network.edges.get(wallet.id);
  const edge = edges?.get(market);
  if (edge !== undefined) return accepted(edge);
  const reached = [...(edges?.keys() ?? [])].sort();
  const where =
    reached.length === 0 ? 'it reaches no market yet' : `markets it reaches: ${reached.join(', ')}`;
  const home =
    market === wallet.homeMarket ? ' This is its home market, where it needs no hub.' : '';
  return rejected(
    'ACCEPTANCE_MISSING',
    `${wallet.name} has no acceptance link to ${market}; ${where}.${home}`,
  );
}

function findCorridor(
  network: NetworkSnapshot,
  wallet: Wallet,
  market: Market,
  mode: PaymentMode,
): Outcome<CorridorAgreement> {
  const corridor = network.corridors.get(wallet.homeMarket)?.get(market);
  if (corridor === undefined) {
    return rejected(
      'CORRIDOR_MISSING',
      `${wallet.name} is accepted in ${market}, but there is no corridor agreement from ${wallet.homeMarket} to ${market}.`,
    );
  }
  if (!corridor.modes.includes(mode)) {
    return rejected(
      'MODE_NOT_SUPPORTED',
      `The corridor ${wallet.homeMarket} to ${market} does not allow ${mode} payments, only ${corridor.modes.join(', ')} (corridor ${corridor.id}@${String(corridor.version)}).`,
    );
  }
  return accepted(corridor);
}
