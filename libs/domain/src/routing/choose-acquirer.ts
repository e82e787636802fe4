import type { AcquirerId } from '../ids.js';
import type { Acquirer, PaymentMode } from '../network.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import type { NetworkSnapshot } from './network-snapshot.js';
import type { Place } from './place.js';

/** One acquirer that was looked at, and why it was taken or passed over. */
export interface Considered {
  readonly acquirerId: AcquirerId;
  readonly chosen: boolean;
  readonly why: string;
}

export interface AcquirerChoice {
  readonly acquirer: Acquirer;
  readonly reason: string;
  readonly considered: readonly Considered[];
}

/**
 * Picks who serves a place. A national scheme is interoperable, so any of its acquirers may take a
 * pushed payment: the merchant's own is asked first, then the others by priority. Everywhere else
 * the acquirer is given, by the merchant's contract or by who calls, and there is no second one.
 */
export function chooseAcquirer(
  network: NetworkSnapshot,
  place: Place,
  mode: PaymentMode,
): Outcome<AcquirerChoice> {
  const inMarket = network.acquirersByMarket.get(place.market) ?? [];
  const candidates = candidatesFor(network, place, inMarket);
  const considered: Considered[] = [];
  let chosen: Acquirer | undefined;
  for (const acquirer of candidates) {
    const fault = faultOf(acquirer, place, mode);
    const why =
      fault ?? (chosen === undefined ? preferenceOf(acquirer, place) : laterThan(chosen, place));
    considered.push({
      acquirerId: acquirer.id,
      chosen: fault === undefined && chosen === undefined,
      why,
    });
    if (fault === undefined) chosen ??= acquirer;
  }
  if (chosen !== undefined) {
    const passed = considered.slice(
      0,
      considered.findIndex((entry) => entry.chosen),
    );
    const instead = passed.map((entry) => `${entry.acquirerId} was passed over: ${entry.why}`);
    return accepted({
      acquirer: chosen,
      considered,
      reason: `${chosen.name} serves it: ${preferenceOf(chosen, place)} (acquirer ${chosen.id}@${String(chosen.version)})${instead.length === 0 ? '' : `; ${instead.join('; ')}`}.`,
    });
  }
  return refuse(network, place, mode, candidates, considered);
}

function candidatesFor(
  network: NetworkSnapshot,
  place: Place,
  inMarket: readonly Acquirer[],
): readonly Acquirer[] {
  const own = place.acquirerId === undefined ? undefined : network.acquirers.get(place.acquirerId);
  if (place.schemeIds.length === 0 && place.acquirerId !== undefined) {
    return own === undefined ? [] : [own];
  }
  const others = inMarket.filter((acquirer) => acquirer !== own);
  return own === undefined ? others : [own, ...others];
}

/** Why an acquirer cannot serve a place, or undefined when it can. */
function faultOf(acquirer: Acquirer, place: Place, mode: PaymentMode): string | undefined {
  if (
    place.schemeIds.length > 0 &&
    !acquirer.schemes.some((scheme) => place.schemeIds.includes(scheme))
  ) {
    return `serves ${acquirer.schemes.join(', ')}, not ${place.schemeIds.join(', ')}`;
  }
  if (acquirer.status === 'suspended') return `suspended since version ${String(acquirer.version)}`;
  if (!acquirer.modes.includes(mode)) return `does not offer ${mode}`;
  if (place.currency !== undefined && acquirer.currency !== place.currency) {
    return `acquires in ${acquirer.currency}, not ${place.currency}`;
  }
  return undefined;
}

function preferenceOf(acquirer: Acquirer, place: Place): string {
  if (acquirer.id === place.acquirerId) {
    return place.merchant === undefined
      ? 'the code or the call is its own'
      : "it is the merchant's own acquirer";
  }
  const serves = place.schemeIds.filter((scheme) => acquirer.schemes.includes(scheme));
  return serves.length === 0
    ? `it has priority ${String(acquirer.priority)} in ${place.market}`
    : `it serves ${serves.join(', ')} with priority ${String(acquirer.priority)} in ${place.market}`;
}

function laterThan(chosen: Acquirer, place: Place): string {
  return chosen.id === place.acquirerId && place.merchant !== undefined
    ? `could serve it, but ${chosen.id} is the merchant's own`
    : `could serve it, but ${chosen.id} comes before it`;
}

function refuse(
  network: NetworkSnapshot,
  place: Place,
  mode: PaymentMode,
  candidates: readonly Acquirer[],
  considered: readonly Considered[],
): Outcome<never> {
  const told = considered.map((entry) => `${entry.acquirerId} ${entry.why}`).join('; ');
  const serving = candidates.filter(
    (acquirer) =>
      place.schemeIds.length === 0 ||
      acquirer.schemes.some((scheme) => place.schemeIds.includes(scheme)),
  );
  if (serving.length === 0) {
    const schemes = place.schemeIds.map((id) => network.schemes.get(id)?.name ?? id);
    return rejected(
      'ACQUIRER_MISSING',
      schemes.length === 0
        ? `No acquirer of this network serves ${place.market}.`
        : `No acquirer of this network serves ${schemes.join(', ')} in ${place.market}.`,
    );
  }
  const active = serving.filter((acquirer) => acquirer.status === 'active');
  if (active.length === 0) {
    return rejected('INVALID_CONTRACT', `No active acquirer can serve this: ${told}.`);
  }
  return active.some((acquirer) => acquirer.modes.includes(mode))
    ? rejected('CURRENCY_NOT_SUPPORT', `No acquirer can take this currency: ${told}.`)
    : rejected('MODE_NOT_SUPPORTED', `No acquirer can take a ${mode} payment here: ${told}.`);
}
