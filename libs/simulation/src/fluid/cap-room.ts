import type { CurrencyCode } from '#domain/currency';
import { decideObligations, type CarriedAmount } from '#domain/settlement/decide-obligations';
import type { Totals } from '../totals.js';
import type { World } from '../world.js';
import { addAt } from './fluid-sums.js';

const HOURS = 24;

/**
 * What share of each wallet's purchases its cap lets through, hour by hour, if everything went as
 * expected: `room[wallet * hours + hour]`, null where no cap is ever reached. Exposure grows with
 * every purchase and falls when a clearing day's obligation is settled on its value date, so what
 * is declined today makes room tomorrow, and the walk has to go through the hours in order.
 *
 * @param free expected totals without caps
 */
export function capRoom(world: World, free: Totals): Float64Array | null {
  const hours = free.clearingHours;
  const room = new Float64Array(world.wallets.length * hours).fill(1);
  let reached = false;
  for (let wallet = 0; wallet < world.wallets.length; wallet++) {
    const owes = owesByHour(free, wallet);
    const walk = new ExposureWalk(world, wallet, counterOf(world, free, wallet));
    for (let hour = 0; hour < hours; hour++) {
      const share = walk.pass(hour, owes[hour] ?? 0);
      room[wallet * hours + hour] = share;
      reached ||= share < 1;
    }
  }
  return reached ? room : null;
}

function owesByHour({ owes, pairs, clearingHours }: Totals, wallet: number): Float64Array {
  const sums = new Float64Array(clearingHours);
  for (const [index, pair] of pairs.entries()) {
    if (pair.wallet !== wallet) continue;
    for (let hour = 0; hour < clearingHours; hour++) {
      addAt(sums, hour, owes[hour * pairs.length + index] ?? 0);
    }
  }
  return sums;
}

/** The settlement currency that most of what a wallet owes goes into; its own if it owes nothing. */
function counterOf(
  world: World,
  { owes, pairs, clearingHours }: Totals,
  wallet: number,
): CurrencyCode {
  const sums = new Map<number, number>();
  for (const [index, pair] of pairs.entries()) {
    if (pair.wallet !== wallet) continue;
    const currency = world.acquirers[pair.acquirer]?.currency ?? 0;
    for (let hour = 0; hour < clearingHours; hour++) {
      const owed = owes[hour * pairs.length + index] ?? 0;
      sums.set(currency, (sums.get(currency) ?? 0) + owed);
    }
  }
  const most = [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? world.wallets[wallet]?.currency;
  return world.currencies[most ?? 0] ?? '';
}

/** One wallet's exposure, walked through the clearing hours. */
class ExposureWalk {
  private exposure = 0;
  private today = 0;
  private carried: CarriedAmount | undefined;
  /** What is settled in an hour to come. */
  private readonly releases = new Map<number, number>();

  constructor(
    private readonly world: World,
    private readonly wallet: number,
    private readonly counter: CurrencyCode,
  ) {}

  /** The share of an hour's purchases that finds room, which is then used up. */
  pass(hour: number, owes: number): number {
    if (hour % HOURS === 0 && hour > 0) this.closeDay(hour / HOURS - 1);
    this.exposure -= this.releases.get(hour) ?? 0;
    const { capMinor, prefundMinor } = this.world.settlement;
    const limit = (capMinor[this.wallet] ?? 0) + (prefundMinor[this.wallet] ?? 0);
    const free = Math.max(0, limit - this.exposure);
    const share = owes > free ? free / owes : 1;
    this.exposure += owes * share;
    this.today += owes * share;
    return share;
  }

  /** @param day of the totals' clearing days, the first of which begins before the period */
  private closeDay(day: number): void {
    const { world, wallet, counter } = this;
    const { settlement } = world;
    const clearingDay = world.firstDay - 1 + day;
    const party = world.wallets[wallet]?.wallet;
    if (party === undefined) return;
    const minor = BigInt(Math.floor(this.today + 0.5));
    const [obligation] = decideObligations({
      clearingDay,
      totals: [
        {
          participantId: party.id,
          role: 'wallet',
          currency: party.currency,
          minor,
          exposureMinor: minor,
          counterCurrency: counter,
        },
      ],
      carried: this.carried === undefined ? [] : [this.carried],
      terms: settlement.terms,
      calendars: settlement.calendars,
    });
    this.today = 0;
    if (obligation === undefined) return;
    this.carried = obligation.state === 'carried' ? obligation : undefined;
    if (obligation.valueDate === null) return;
    const days = obligation.valueDate.day - (world.firstDay - 1);
    const due = days * HOURS + settlement.confirmedAtHour;
    this.releases.set(due, (this.releases.get(due) ?? 0) + Number(obligation.exposureMinor));
  }
}
