import { dayNumber } from '#domain/rates/calendar-day';
import type { Shock } from '../scenario.js';
import type { Outage, WorldDefault } from '../world.js';
import type { WorldCast } from './cast-of-world.js';
import type { WorldInput } from './world-input.js';

const DAY_MS = 86_400_000;
/** The clearing day is at UTC+8. */
const CLEARING_OFFSET_MINUTES = 480;

/** Shocks that put somebody or some place out of service, with instants in UTC milliseconds. */
export function outagesOf(input: WorldInput, cast: WorldCast): Outage[] {
  return input.scenario.shocks.flatMap((shock, at): Outage[] => {
    const pointer = `/shocks/${String(at)}`;
    if (shock.kind === 'outage') return outageOf(input, cast, shock, pointer);
    if (shock.kind === 'default') return defaultOf(input, cast, shock, pointer);
    return [];
  });
}

function outageOf(
  input: WorldInput,
  cast: WorldCast,
  shock: Extract<Shock, { kind: 'outage' }>,
  pointer: string,
): Outage[] {
  const wallet = place(input, shock.wallet, walletIds(cast), `${pointer}/wallet`);
  const acquirer = place(input, shock.acquirer, acquirerIds(cast), `${pointer}/acquirer`);
  const area = place(
    input,
    shock.area,
    cast.areas.map(({ id }) => id),
    `${pointer}/area`,
  );
  const { percent } = shock;
  if (percent.value < 0 || percent.value > 100) {
    input.notes.fault(
      `${pointer}/percent`,
      `${String(percent.value)} is not a percentage from 0 to 100.`,
    );
  }
  const destination =
    area === null
      ? acquirer === null
        ? 0
        : cast.acquirers[acquirer]?.destination
      : cast.areas[area]?.destination;
  const offset = cast.destinations[destination ?? 0]?.utcOffsetMinutes ?? 0;
  const fromMs = instantOf(shock.from, offset, 0);
  const untilMs = instantOf(shock.to, offset, 1);
  if (fromMs === undefined || untilMs === undefined || untilMs <= fromMs) {
    input.notes.fault(
      `${pointer}/from`,
      `${shock.from} to ${shock.to} are not two dates (2025-05-03) or instants (2025-05-03T10:00:00Z) in order.`,
    );
    return [];
  }
  const [start, end] = [
    input.firstDay * DAY_MS - DAY_MS,
    (input.firstDay + input.days + 1) * DAY_MS,
  ];
  if (untilMs <= start || fromMs >= end) {
    input.notes.fault(`${pointer}/from`, `${shock.from} to ${shock.to} lies outside the period.`);
  }
  return [{ wallet, acquirer, area, fromMs, untilMs, share: percent.value / 100 }];
}

function defaultOf(
  input: WorldInput,
  cast: WorldCast,
  shock: Extract<Shock, { kind: 'default' }>,
  pointer: string,
): Outage[] {
  const wallet = walletIds(cast).indexOf(shock.participant);
  const acquirer = acquirerIds(cast).indexOf(shock.participant);
  const fromMs = instantOf(shock.on, CLEARING_OFFSET_MINUTES, 0);
  if (wallet === -1 && acquirer === -1) {
    const known = [...walletIds(cast), ...acquirerIds(cast)].join(', ');
    input.notes.fault(
      `${pointer}/participant`,
      `${shock.participant} is not in this scenario; there are ${known}.`,
    );
    return [];
  }
  if (fromMs === undefined) {
    input.notes.fault(`${pointer}/on`, `${shock.on} is not a date like 2025-05-03.`);
    return [];
  }
  const untilMs = (input.firstDay + input.days + 1) * DAY_MS;
  return [
    {
      wallet: wallet === -1 ? null : wallet,
      acquirer: acquirer === -1 ? null : acquirer,
      area: null,
      fromMs,
      untilMs,
      share: 1,
    },
  ];
}

/** Who defaults and on which day; what was wrong with them is told by `outagesOf`. */
export function defaultsOf(input: WorldInput): WorldDefault[] {
  return input.scenario.shocks.flatMap((shock) => {
    const day = shock.kind === 'default' ? dayNumber(shock.on) : undefined;
    return shock.kind !== 'default' || day === undefined
      ? []
      : [{ participant: shock.participant, day }];
  });
}

const walletIds = (cast: WorldCast): string[] => cast.wallets.map(({ wallet }) => wallet.id);
const acquirerIds = (cast: WorldCast): string[] =>
  cast.acquirers.map(({ acquirer }) => acquirer.id);

function place(
  input: WorldInput,
  id: string | null,
  known: readonly string[],
  pointer: string,
): number | null {
  if (id === null) return null;
  const index = known.indexOf(id);
  if (index === -1)
    input.notes.fault(pointer, `${id} is not in this scenario; there are ${known.join(', ')}.`);
  return index === -1 ? null : index;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * UTC milliseconds of an instant, or of the beginning of a date at an offset; `daysLater` moves a
 * date to the beginning of the next day, so that a last day is included.
 */
export function instantOf(
  text: string,
  offsetMinutes: number,
  daysLater: 0 | 1,
): number | undefined {
  const date = dayNumber(text);
  if (date !== undefined) return (date + daysLater) * DAY_MS - offsetMinutes * 60_000;
  const match = INSTANT.exec(text);
  const day = match === null ? undefined : dayNumber(match[1] ?? '');
  if (match === null || day === undefined) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const own = (part(6) * 60 + part(7)) * (match[5] === '-' ? -1 : 1);
  return day * DAY_MS + ((part(2) * 60 + part(3) - own) * 60 + part(4)) * 1_000;
}
