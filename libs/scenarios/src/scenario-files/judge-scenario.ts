import type { Figure, Scenario, Shock } from '#simulation/scenario';
import { isFigure, isTree } from './merge-layers.js';
import { nearestName } from './nearest-name.js';
import type { Path } from './scenario-fault.js';
import type { Vocabulary } from './vocabulary.js';

/** Something a whole scenario says that cannot be, or that would silently do nothing. */
export interface Objection {
  readonly path: Path;
  readonly message: string;
  readonly atKey?: true;
}

/** `origins: all` is not resolved yet where the file says so. */
export type UnresolvedScenario = Omit<Scenario, 'corridors'> & {
  readonly corridors: {
    readonly origins: 'all' | readonly string[];
    readonly destinations: readonly string[];
  };
};

/** What no schema can see: names, dates against each other, shares that do not add up. */
export function judgeScenario(scenario: UnresolvedScenario, names: Vocabulary): Objection[] {
  return [
    ...judgePeriod(scenario),
    ...judgeFigures(scenario, [], names),
    ...judgeNames(scenario, names),
    ...judgeJoining(scenario, names),
    ...judgeShares(scenario),
    ...judgeAcceptance(scenario),
    ...judgeRates(scenario),
    ...scenario.shocks.flatMap((shock, i) => judgeShock(shock, ['shocks', i], scenario, names)),
    ...judgeRun(scenario),
  ];
}

function judgePeriod({ period }: UnresolvedScenario): Objection[] {
  return period.to < period.from
    ? [{ path: ['period', 'to'], message: `${period.to} is before the start, ${period.from}` }]
    : [];
}

/** Every figure, wherever it stands: its range, and where it comes from. */
function judgeFigures(value: unknown, path: Path, names: Vocabulary): Objection[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => judgeFigures(item, [...path, i], names));
  }
  if (isFigure(value)) return judgeFigure(value as Figure, path, names);
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => judgeFigures(item, [...path, key], names));
}

function judgeFigure({ value, range, source, because }: Figure, path: Path, names: Vocabulary) {
  const found: Objection[] = [];
  if (range !== undefined && range.low > range.high) {
    const message = `low ${String(range.low)} is above high ${String(range.high)}; swap them`;
    found.push({ path: [...path, 'range'], message });
  } else if (range !== undefined && (value < range.low || value > range.high)) {
    const message = `${String(value)} lies outside its own range, ${String(range.low)} to ${String(range.high)}`;
    found.push({ path: [...path, 'value'], message });
  }
  if (source === undefined && because === undefined) {
    const message =
      'says neither where it is from nor why; add source: "https://…" or because: "why you assume it"';
    found.push({ path, message });
  }
  if (source !== undefined && !/^https?:\/\//.test(source) && !names.sources.has(source)) {
    const message = `${unknownName('source', source, names.sources.keys())}; an address begins with https://`;
    found.push({ path: [...path, 'source'], message });
  }
  return found;
}

export function unknownName(what: string, name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = nearestName(name, all);
  if (near !== undefined) return `no ${what} is called ${name}; did you mean ${near}?`;
  const some = all.length <= 60 ? `; known: ${all.sort().join(', ')}` : '';
  return `no ${what} is called ${name}${some}`;
}

function judgeNames(scenario: UnresolvedScenario, names: Vocabulary): Objection[] {
  const { corridors, visitors, spending, wallets, acceptance } = scenario;
  const market = (code: string, path: Path, atKey = false): Objection[] =>
    names.markets.has(code)
      ? []
      : [
          {
            path,
            message: unknownName('market', code, names.markets),
            ...(atKey ? { atKey: true as const } : {}),
          },
        ];
  const keys = (record: object, path: Path) =>
    Object.keys(record).flatMap((code) => market(code, [...path, code], true));
  const origins = corridors.origins === 'all' ? [] : corridors.origins;
  const walletIds = walletNames(scenario, names);
  return [
    ...origins.flatMap((code, i) => market(code, ['corridors', 'origins', i])),
    ...corridors.destinations.flatMap((code, i) => market(code, ['corridors', 'destinations', i])),
    ...keys(visitors.growthPercentPerYearByOrigin, ['visitors', 'growthPercentPerYearByOrigin']),
    ...keys(spending.ticketPercentByOrigin, ['spending', 'ticketPercentByOrigin']),
    ...keys(wallets.wishPercentByOrigin, ['wallets', 'wishPercentByOrigin']),
    ...keys(acceptance.merchants, ['acceptance', 'merchants']),
    ...Object.keys(wallets.weights).flatMap((id) =>
      unknownWallet(id, ['wallets', 'weights', id], walletIds, true),
    ),
    ...wallets.leaving.flatMap(({ wallet }, i) =>
      unknownWallet(wallet, ['wallets', 'leaving', i, 'wallet'], walletIds),
    ),
    ...Object.keys(acceptance.percentByCategory).flatMap((id) =>
      names.categories.size === 0 || names.categories.has(id)
        ? []
        : [
            {
              path: ['acceptance', 'percentByCategory', id],
              message: unknownName('category', id, names.categories),
              atKey: true as const,
            },
          ],
    ),
    ...judgeCorridors(scenario, names),
  ];
}

function walletNames(scenario: UnresolvedScenario, names: Vocabulary): Set<string> {
  return new Set([...names.wallets.keys(), ...scenario.wallets.joining.map(({ id }) => id)]);
}

function unknownWallet(
  id: string,
  path: Path,
  known: ReadonlySet<string>,
  atKey = false,
): Objection[] {
  if (known.has(id)) return [];
  const message = unknownName('wallet', id, known);
  return [{ path, message, ...(atKey ? { atKey: true as const } : {}) }];
}

/** What a corridor needs: payers with a wallet, their wish to use it, and merchants. */
function judgeCorridors(scenario: UnresolvedScenario, names: Vocabulary): Objection[] {
  const { corridors, wallets, acceptance } = scenario;
  if (corridors.origins === 'all') return [];
  const homes = new Set([
    ...[...names.wallets.values()].map(({ home }) => home),
    ...wallets.joining.map(({ origin }) => origin),
  ]);
  const found: Objection[] = [];
  corridors.origins.forEach((origin, i) => {
    if (!names.markets.has(origin)) return;
    const path = ['corridors', 'origins', i];
    if (!homes.has(origin)) {
      const message = `${origin} has no wallet; let one join under wallets.joining, or take it out`;
      found.push({ path, message });
    } else if (wallets.wishPercentByOrigin[origin] === undefined && !joins(wallets, origin)) {
      const message = `nothing says how much ${origin} wishes to pay by wallet; add wallets.wishPercentByOrigin.${origin}`;
      found.push({ path, message });
    }
    if (corridors.destinations.every((destination) => destination === origin)) {
      found.push({
        path,
        message: `${origin} is the only destination too; nobody travels there from itself`,
      });
    }
    if (corridors.origins.indexOf(origin) !== i) {
      found.push({ path, message: `${origin} is named twice` });
    }
  });
  corridors.destinations.forEach((destination, i) => {
    if (!names.markets.has(destination) || acceptance.merchants[destination] !== undefined) return;
    const message = `nothing says how many merchants ${destination} has; add acceptance.merchants.${destination}`;
    found.push({ path: ['corridors', 'destinations', i], message });
  });
  return found;
}

function joins(wallets: Scenario['wallets'], origin: string): boolean {
  return wallets.joining.some((wallet) => wallet.origin === origin);
}

function judgeJoining(scenario: UnresolvedScenario, names: Vocabulary): Objection[] {
  const { joining, leaving } = scenario.wallets;
  const found: Objection[] = [];
  joining.forEach((wallet, i) => {
    const path: Path = ['wallets', 'joining', i];
    if (joining.findIndex(({ id }) => id === wallet.id) !== i) {
      found.push({ path: [...path, 'id'], message: `${wallet.id} joins twice; keep one` });
    }
    const known = names.wallets.get(wallet.id);
    if (known !== undefined && known.home !== wallet.origin) {
      const message = `${wallet.id} is a wallet of ${known.home}; choose another id`;
      found.push({ path: [...path, 'origin'], message });
    }
    for (const [field, codes] of [
      ['origin', [wallet.origin]],
      ['destinations', wallet.destinations],
    ] as const) {
      codes.forEach((code, k) => {
        if (names.markets.has(code)) return;
        const at = field === 'origin' ? [...path, field] : [...path, field, k];
        found.push({ path: at, message: unknownName('market', code, names.markets) });
      });
    }
    found.push(...outsidePeriod(wallet.joins, [...path, 'joins'], 'it would join', scenario));
  });
  leaving.forEach(({ on }, i) => {
    found.push(...outsidePeriod(on, ['wallets', 'leaving', i, 'on'], 'it would leave', scenario));
  });
  return found;
}

function outsidePeriod(
  date: string,
  path: Path,
  what: string,
  { period }: UnresolvedScenario,
): Objection[] {
  const day = date.slice(0, 10);
  if (day <= period.to && day >= period.from) return [];
  const message = `${what} on ${day}, outside the period ${period.from} to ${period.to}, so nothing would happen; move it or the period`;
  return [{ path, message }];
}

function judgeShares({ wallets, conduct, fees }: UnresolvedScenario): Objection[] {
  const found: Objection[] = [];
  const wishes = new Map<string, number>();
  for (const [origin, wish] of Object.entries(wallets.wishPercentByOrigin)) {
    if (wish !== undefined) wishes.set(origin, wish.value);
  }
  wallets.joining.forEach(({ origin, wishPercent, cannibalisationPercent }, i) => {
    const added = wishPercent.value * (1 - cannibalisationPercent.value / 100);
    const sum = (wishes.get(origin) ?? 0) + added;
    wishes.set(origin, sum);
    if (sum <= 100) return;
    const message = `with it, ${origin} would like to pay ${round(sum)} % by wallet; the shares of an origin cannot exceed 100 %`;
    found.push({ path: ['wallets', 'joining', i, 'wishPercent'], message });
  });
  const failed =
    conduct.abandonedPercent.value +
    conduct.insufficientFundsPercent.value +
    conduct.riskRefusedPercent.value +
    conduct.timedOutPercent.value;
  if (failed > 100) {
    const message = `abandoned, without funds, refused and timed out are ${round(failed)} % together; they cannot exceed 100 %`;
    found.push({ path: ['conduct'], message });
  }
  const passed = fees.interchangeBps.value + fees.schemeFeeAcquirerBps.value;
  if (passed > fees.mdrBps.value) {
    const message = `the acquirer passes on ${round(passed)} basis points (interchange and scheme fee) of ${round(fees.mdrBps.value)} it takes; raise mdrBps or lower the others`;
    found.push({ path: ['fees', 'mdrBps'], message });
  }
  return found;
}

/**
 * What is stated may not accept more than everything. What grows may come there: that is told when
 * the world is made.
 */
function judgeAcceptance({ acceptance }: UnresolvedScenario): Objection[] {
  const { percentByCategory, scalePercent } = acceptance;
  let [category, most] = ['', 0];
  for (const [id, stated] of Object.entries(percentByCategory)) {
    const percent = stated?.value ?? 0;
    if (percent > most) [category, most] = [id, percent];
  }
  const product = (most * scalePercent.value) / 100;
  if (product <= 100) return [];
  const message =
    `${round(scalePercent.value)} % of ${category}’s ${round(most)} % is ${round(product)} %, more than all purchases; ` +
    `lower it to ${String(Math.floor(10_000 / most))} at most, or acceptance.percentByCategory.${category}`;
  return [{ path: ['acceptance', 'scalePercent'], message }];
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function judgeRates({ fx }: UnresolvedScenario): Objection[] {
  if (fx.path === 'fixed' && fx.on === null) {
    return [{ path: ['fx', 'path'], message: 'fixed rates are of one day; add on: 2024-12-30' }];
  }
  if (fx.path === 'history' && fx.on !== null) {
    const message = 'has no use on the path history; write path: fixed, or leave it out';
    return [{ path: ['fx', 'on'], message }];
  }
  if (fx.path === 'fixed' && fx.year !== null) {
    const message = 'has no use on the path fixed; write path: history, or leave it out';
    return [{ path: ['fx', 'year'], message }];
  }
  return [];
}

function judgeShock(
  shock: Shock,
  path: Path,
  scenario: UnresolvedScenario,
  names: Vocabulary,
): Objection[] {
  const from = shock.kind === 'default' ? shock.on : shock.from;
  const to = shock.kind === 'default' ? shock.on : shock.to;
  const when: Objection[] = [];
  if (to < from)
    when.push({ path: [...path, 'to'], message: `${to} is before the start, ${from}` });
  const { period } = scenario;
  if (to.slice(0, 10) < period.from || from.slice(0, 10) > period.to) {
    const key = shock.kind === 'default' ? 'on' : 'from';
    when.push(...outsidePeriod(from, [...path, key], 'it would begin', scenario));
  }
  return [...when, ...judgeTarget(shock, path, scenario, names)];
}

function judgeTarget(
  shock: Shock,
  path: Path,
  scenario: UnresolvedScenario,
  names: Vocabulary,
): Objection[] {
  const wallets = walletNames(scenario, names);
  switch (shock.kind) {
    case 'rate': {
      const known = scenario.corridors.destinations.map((code) => names.currencies.get(code));
      if (known.includes(shock.currency)) return [];
      const list = known.filter((code) => code !== undefined).join(', ');
      const message = `no destination is paid in ${shock.currency}; theirs: ${list}`;
      return [{ path: [...path, 'currency'], message }];
    }
    case 'visitors':
      return [
        ...(shock.origins ?? []).flatMap((code, i) =>
          names.markets.has(code)
            ? []
            : [
                {
                  path: [...path, 'origins', i],
                  message: unknownName('market', code, names.markets),
                },
              ],
        ),
        ...(shock.areas ?? []).flatMap((id, i) => unknownArea(id, [...path, 'areas', i], names)),
      ];
    case 'outage':
      return [
        ...(shock.wallet === null ? [] : unknownWallet(shock.wallet, [...path, 'wallet'], wallets)),
        ...(shock.acquirer === null || names.acquirers.has(shock.acquirer)
          ? []
          : [
              {
                path: [...path, 'acquirer'],
                message: unknownName('acquirer', shock.acquirer, names.acquirers.keys()),
              },
            ]),
        ...(shock.area === null ? [] : unknownArea(shock.area, [...path, 'area'], names)),
      ];
    case 'default': {
      const known = new Set([...wallets, ...names.acquirers.keys()]);
      if (known.has(shock.participant)) return [];
      const message = unknownName('wallet or acquirer', shock.participant, known);
      return [{ path: [...path, 'participant'], message }];
    }
  }
}

function unknownArea(id: string, path: Path, names: Vocabulary): Objection[] {
  if (names.areas.size === 0 || names.areas.has(id)) return [];
  return [{ path, message: unknownName('area', id, names.areas) }];
}

function judgeRun({ run }: UnresolvedScenario): Objection[] {
  if (run.untilRelativeError === null || run.mostReplications >= run.replications) return [];
  const message = `${String(run.mostReplications)} is fewer than replications, ${String(run.replications)}`;
  return [{ path: ['run', 'mostReplications'], message }];
}
