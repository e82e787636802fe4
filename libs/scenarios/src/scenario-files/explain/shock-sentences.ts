import type { Scenario, Shock } from '#simulation/scenario';
import { amountText, numberText } from './sentences.js';
import type { Namer } from './sentences.js';

/** What happens, in one sentence; the figure's range and reason are told beside it. */
export function shockSentence(shock: Shock, name: Namer): string {
  switch (shock.kind) {
    case 'rate': {
      const way = shock.percent.value < 0 ? 'cheaper' : 'dearer';
      const by = amountText(withoutSign(shock.percent), ' %');
      return `${spanOf(shock)}, ${shock.currency} is ${by} ${way} against every other currency.`;
    }
    case 'visitors': {
      const who = shock.origins === null ? '' : ` from ${listText(shock.origins.map(name.market))}`;
      const where = shock.areas === null ? '' : ` in ${listText(shock.areas.map(name.area))}`;
      const way = shock.percent.value < 0 ? 'fewer' : 'more';
      const by = amountText(withoutSign(shock.percent), ' %');
      return `${spanOf(shock)}, ${by} ${way} visitors${who} are there${where}.`;
    }
    case 'outage': {
      const share = amountText(shock.percent, ' %');
      const what = [
        shock.wallet === null ? '' : ` with ${name.wallet(shock.wallet)}`,
        shock.acquirer === null ? '' : ` at merchants of ${name.acquirer(shock.acquirer)}`,
        shock.area === null ? '' : ` in ${name.area(shock.area)}`,
      ].join('');
      return `${spanOf(shock)}, ${share} of purchases${what} fail.`;
    }
    case 'default':
      return `From ${shock.on} on, ${participant(shock.participant, name)} pays nothing any more.`;
  }
}

function participant(id: string, name: Namer): string {
  return name.acquirer(id) === id ? name.wallet(id) : name.acquirer(id);
}

function withoutSign({ value, range }: Extract<Shock, { kind: 'rate' }>['percent']) {
  if (value >= 0) return range === undefined ? { value } : { value, range };
  return range === undefined
    ? { value: -value }
    : { value: -value, range: { low: -range.high, high: -range.low } };
}

function spanOf({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? `On ${from}` : `From ${from} to ${to}`;
}

export function listText(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** What a scenario sets besides figures, one sentence each, by path. */
export function settingSentences(scenario: Scenario, name: Namer): ReadonlyMap<string, string> {
  const { period, corridors, visitors, spending, acceptance, fx, settlement, run } = scenario;
  const markets = (codes: readonly string[]) => listText(codes.map(name.market));
  const origins = markets(corridors.origins);
  const sentences = new Map<string, string>([
    ['period', `It plays ${period.from} to ${period.to}.`],
    ['corridors', `Payers come from ${origins}; they pay in ${markets(corridors.destinations)}.`],
    ['visitors.basisYear', `Arrivals are those of ${String(visitors.basisYear)}, with its months.`],
    ['spending.basisYear', `Spending of a visitor is that of ${String(spending.basisYear)}.`],
    ['acceptance.asOf', `Merchants are counted as of ${acceptance.asOf}.`],
    ['fx.path', ratesSentence(fx)],
    ['settlement', settlementSentence(settlement)],
    ['run', runSentence(run)],
  ]);
  for (const [i, { wallet, on }] of scenario.wallets.leaving.entries()) {
    sentences.set(`wallets.leaving.${String(i)}`, `${name.wallet(wallet)} leaves on ${on}.`);
  }
  for (const [i, joining] of scenario.wallets.joining.entries()) {
    sentences.set(
      `wallets.joining.${String(i)}`,
      `${joining.name} of ${name.market(joining.origin)} joins on ${joining.joins} and pays in ${markets(joining.destinations)}.`,
    );
  }
  return sentences;
}

function ratesSentence({ path, year, on }: Scenario['fx']): string {
  if (path === 'fixed') return `Rates are those of ${on ?? 'one day'} throughout.`;
  return year === null
    ? 'Rates are those of each day.'
    : `Rates are those of ${String(year)}, day by day.`;
}

function settlementSentence({
  cyclesPerDay,
  netting,
  lagDays,
  capsHold,
  capDays,
  prefundDays,
}: Scenario['settlement']): string {
  const cycles = cyclesPerDay === 1 ? 'once a day' : `${String(cyclesPerDay)} times a day`;
  const lag =
    lagDays === null
      ? 'on the agreed terms of each currency'
      : `${numberText(lagDays)} business days later`;
  const caps = capsHold ? 'Net debit caps stop payments' : 'Net debit caps stop no payment';
  const agreed = [
    ...(capDays === null ? ['caps'] : []),
    ...(prefundDays === null ? ['prefunds'] : []),
  ];
  const asAgreed = agreed.length === 0 ? '' : `; ${listText(agreed)} are as agreed`;
  const net = netting === 'gross' ? 'Nothing is netted' : `Netting is ${netting}`;
  return `${net}, cut off ${cycles} and settled ${lag}. ${caps}${asAgreed}.`;
}

function runSentence({
  fidelity,
  replications,
  untilRelativeError,
  mostReplications,
}: Scenario['run']): string {
  const times = replications === 1 ? 'once' : `${String(replications)} times`;
  return untilRelativeError === null
    ? `It is played ${times} in the ${fidelity} kernel.`
    : `It is played ${times} or more in the ${fidelity} kernel, until every headline is known within ${numberText(untilRelativeError * 100)} %, ${String(mostReplications)} at most.`;
}
