import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import {
  calendarList,
  calendarQuery,
  calendarView,
  valueDateQuery,
  valueDateView,
  type CalendarListView,
  type CalendarQuery,
  type CalendarView,
  type ValueDateQuery,
  type ValueDateView,
} from '#contracts/operator/calendars';
import type { Outcome } from '#domain/rejection';
import { CLOCK, type Clock } from '#platform/clock';
import { problemOf } from '#platform/problems';
import {
  calendarOrRefusal,
  viewOfCalendar,
  viewOfSummary,
  viewOfValueDate,
} from './calendar-views.js';
import { findCalendar, findCalendars } from './calendars.repository.js';

/** Shows on which days a currency settles, and when a clearing day is paid and why then. */
@ApiTags('calendars')
@Controller('api')
export class CalendarsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('calendars')
  @ApiOperation({ summary: 'Settlement calendars, the newest version of each currency' })
  @ApiOkResponse({ standardSchema: calendarList })
  async list(): Promise<CalendarListView> {
    const calendars = await findCalendars(this.dataSource.manager);
    return { calendars: [...calendars.values()].map(viewOfSummary) };
  }

  @Get('calendars/:currency')
  @ApiOperation({ summary: 'A year of a settlement calendar, this one unless another is named' })
  @ApiOkResponse({ standardSchema: calendarView })
  async calendar(
    @Param('currency') currency: string,
    @Query({ schema: calendarQuery }) { year, version }: CalendarQuery,
  ): Promise<CalendarView> {
    const found = await findCalendar(this.dataSource.manager, currency, version);
    const calendar = valueOf(calendarOrRefusal(found, currency, version));
    const thisYear = new Date(this.clock.nowMs()).getUTCFullYear();
    return valueOf(viewOfCalendar(calendar, year ?? thisYear));
  }

  @Get('value-date')
  @ApiOperation({ summary: 'When a clearing day is settled, and which days were skipped and why' })
  @ApiOkResponse({ standardSchema: valueDateView })
  async valueDate(
    @Query({ schema: valueDateQuery }) query: ValueDateQuery,
  ): Promise<ValueDateView> {
    return valueOf(viewOfValueDate(query, await findCalendars(this.dataSource.manager)));
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw problemOf(outcome.rejection);
}
