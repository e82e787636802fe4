import { calendarCorrection, type CalendarCorrection } from '#contracts/operator/calendars';
import type { SettlementCalendar } from '#domain/calendars/settlement-calendar';
import { dayNumber } from '#domain/rates/calendar-day';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { CLOCK, type Clock } from '#platform/clock';
import { Approvals, type Effect } from '#platform/operators/index';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { calendarOrRefusal, findCalendar, publishCalendar } from './calendars/index.js';
import { coverProviderOrder, findCoverProviders, setCoverProviders } from './fx-cover/index.js';

/** The names under which they are proposed. */
export const CORRECT_CALENDAR = 'calendars.correct';
export const SET_COVER_PROVIDERS = 'coverProviders.set';

/**
 * On which days everybody pays, and with whom the hub trades what it holds: one person alone could
 * move money by either, so it takes two.
 */
@Injectable()
export class SettlementCorrections implements OnModuleInit {
  constructor(
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(CORRECT_CALENDAR, {
      scope: 'settlement:write',
      schema: calendarCorrection,
      subject: ({ currency }) => currency,
      describe: ({ currency, day, state, name, why, replacesVersion }) =>
        `In the ${currency} calendar, after version ${String(replacesVersion)}, ${day} is ${state}: ` +
        `${name} (${why}).`,
      check: (tx, correction) => checkCorrection(tx, correction),
      execute: (tx, correction) => this.correct(tx, correction),
    });
    this.approvals.register(SET_COVER_PROVIDERS, {
      scope: 'settlement:write',
      schema: coverProviderOrder,
      subject: ({ providers }) => providers.map(({ id }) => id).join(' '),
      describe: ({ providers }) =>
        `Cover with ${providers.map(({ id, name, terms }) => `${id} (${name}, in ${terms.map(({ currency }) => currency).join(' ')})`).join(', ')} on these terms from now on.`,
      execute: async (tx, order) => {
        const ids = new Set(order.providers.map(({ id }) => id));
        const inForce = async () =>
          (await findCoverProviders(tx))
            .filter(({ id }) => ids.has(id))
            .map((provider) => plainJson(provider));
        const before = await inForce();
        await setCoverProviders(tx, order, this.clock.nowMs());
        return accepted({ before: { providers: before }, after: { providers: await inForce() } });
      },
    });
  }

  private async correct(
    tx: EntityManager,
    correction: CalendarCorrection,
  ): Promise<Outcome<Effect>> {
    const checked = await checkCorrection(tx, correction);
    if (!checked.ok) return checked;
    const { currency, state, name, why, replacesVersion } = correction;
    const { system, weekend } = checked.value;
    const day = dayNumber(correction.day) ?? 0;
    const exceptions = [{ day, state, name }];
    const version = await publishCalendar(
      tx,
      { currency, system, weekend, years: [], exceptions, why, shippedVersion: null },
      this.clock.nowMs(),
    );
    // Another may have been published since the check, which holds no lock.
    if (version !== replacesVersion + 1) return overtaken(correction);
    return accepted({
      before: { version: replacesVersion },
      after: { version, day: correction.day, state, name },
    });
  }
}

async function checkCorrection(
  tx: EntityManager,
  correction: CalendarCorrection,
): Promise<Outcome<SettlementCalendar>> {
  const { currency, day, replacesVersion } = correction;
  if (dayNumber(day) === undefined) {
    return rejected('PARAM_ILLEGAL', `${day} is no day; write it like 2026-12-28.`, 'day');
  }
  const found = calendarOrRefusal(await findCalendar(tx, currency), currency);
  if (!found.ok) return found;
  return found.value.version === replacesVersion ? found : overtaken(correction);
}

function overtaken({ currency, replacesVersion }: CalendarCorrection): Outcome<never> {
  const detail = `The ${currency} calendar has a version after ${String(replacesVersion)}; propose it anew.`;
  return rejected('PRECONDITION_FAILED', detail);
}

/** Amounts as text, as the audit log keeps them. */
function plainJson(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'bigint' ? part.toString() : part,
    ),
  );
}
