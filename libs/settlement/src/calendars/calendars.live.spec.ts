/**
 * Goal: calendars are taken over once, a correction is a version of its own that leaves the older
 * ones as they were, nothing can be changed, and an operator reads all of it over HTTP.
 * Method: a database of its own, the product's files, and the module in a real Nest application.
 */
import { join } from 'node:path';
import { Global, Module, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { calendarList, calendarView, valueDateView } from '#contracts/operator/calendars';
import { dayStatus } from '#domain/calendars/settlement-calendar';
import { dayNumber } from '#domain/rates/calendar-day';
import { CLOCK, settableClock } from '#platform/clock';
import { DatabaseModule } from '#platform/database-module';
import { toProblem, validationPipe } from '#platform/problems';
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import {
  addMissingTerms,
  CalendarsModule,
  findCalendar,
  findCalendars,
  findSettlementTerms,
  publishCalendar,
  seedCalendars,
} from './index.js';

const NOW = Date.parse('2026-11-22T03:00:00Z');
const clock = settableClock(NOW);
const dataDir = join(projectRoot, 'data');
let database: TestDatabase;
let app: INestApplication;
let url: string;

@Global()
@Module({ providers: [{ provide: CLOCK, useValue: clock }], exports: [CLOCK] })
class TestClock {}

beforeAll(async () => {
  database = await openTestDatabase();
  await database.dataSource.transaction((tx) => seedCalendars(tx, dataDir, NOW));
  const testing = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot(database.url, { poolSize: 2 }), TestClock, CalendarsModule],
  }).compile();
  app = testing.createNestApplication(new FastifyAdapter());
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters({
    catch(error: unknown, host) {
      const problem = toProblem(error);
      const reply = host
        .switchToHttp()
        .getResponse<{ status: (code: number) => { send: (body: unknown) => void } }>();
      reply.status(problem.status).send(problem);
    },
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await database.close();
});

function query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  return database.dataSource.query<T[]>(sql, values);
}

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: await response.json() };
}

function dayOf(iso: string): number {
  return dayNumber(iso) ?? 0;
}

function correct(currency: string, iso: string, shippedVersion: number | null = null) {
  return database.dataSource.transaction((tx) =>
    publishCalendar(
      tx,
      {
        currency,
        system: 'a system',
        weekend: [6, 7],
        years: [],
        exceptions: [{ day: dayOf(iso), state: 'closed', name: 'declared late' }],
        why: 'announced by the bank',
        shippedVersion,
      },
      NOW,
    ),
  );
}

describe('shipped calendars and terms', () => {
  it('are taken over once', async () => {
    const again = await database.dataSource.transaction((tx) => seedCalendars(tx, dataDir, NOW));
    expect(again).toEqual({ calendars: 0, terms: 0 });
    const calendars = await findCalendars(database.dataSource.manager);
    expect(calendars.size).toBeGreaterThanOrEqual(18);
    expect(calendars.get('JPY')).toMatchObject({ version: 1, system: 'BOJ-NET', weekend: [6, 7] });
    const terms = await findSettlementTerms(database.dataSource.manager);
    expect(terms).toContainEqual(
      expect.objectContaining({ participantId: null, currency: 'JPY', lag: 2 }),
    );
  });

  it('leave terms of an operator alone', async () => {
    const own = {
      participantId: 'kplus',
      currency: 'THB',
      lag: 1 as const,
      minimumMinor: 5n,
      quality: 'rule' as const,
      source: 'contract',
    };
    const add = (minimumMinor: bigint) =>
      database.dataSource.transaction((tx) => addMissingTerms(tx, [{ ...own, minimumMinor }], NOW));
    expect(await add(5n)).toBe(1);
    expect(await add(6n)).toBe(0);
    expect(await findSettlementTerms(database.dataSource.manager)).toContainEqual(own);
  });
});

describe('a correction', () => {
  it('is the next version, and the older one still answers as before', async () => {
    expect(await correct('KRW', '2026-12-28')).toBe(2);
    expect(await correct('KRW', '2026-12-29')).toBe(3);
    const { manager } = database.dataSource;
    const openOn = async (iso: string, version?: number) => {
      const calendar = await findCalendar(manager, 'KRW', version);
      if (calendar === undefined) throw new Error('no calendar');
      const status = dayStatus(calendar, dayOf(iso));
      return status.ok && status.value.open;
    };
    expect(await openOn('2026-12-28', 1)).toBe(true);
    expect(await openOn('2026-12-28', 2)).toBe(false);
    expect(await openOn('2026-12-29', 2)).toBe(true);
    expect(await openOn('2026-12-28')).toBe(false);
    expect(await openOn('2026-12-29')).toBe(false);
    expect(await findCalendar(manager, 'KRW', 4)).toBeUndefined();
  });

  it('that ships later is published after those of the operator, once', async () => {
    expect(await correct('SGD', '2026-12-28')).toBe(2);
    expect(await correct('SGD', '2026-12-29', 2)).toBe(3);
    expect(await correct('SGD', '2026-12-29', 2)).toBeUndefined();
  });

  it('published by several at once takes a number each', async () => {
    const days = ['2026-12-21', '2026-12-22', '2026-12-23', '2026-12-24'];
    const versions = await Promise.all(days.map((day) => correct('MYR', day)));
    expect([...versions].sort()).toEqual([2, 3, 4, 5]);
    const calendar = await findCalendar(database.dataSource.manager, 'MYR');
    expect(days.every((day) => calendar?.exceptions.has(dayOf(day)))).toBe(true);
  });
});

describe('what is published', () => {
  it.each(['settlement_calendars', 'settlement_calendar_years', 'settlement_calendar_days'])(
    '%s cannot be changed or removed',
    async (table) => {
      await expect(query(`UPDATE ${table} SET currency = 'XXX'`)).rejects.toThrow('append-only');
      await expect(query(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
    },
  );

  it('has no gap in its versions', async () => {
    await expect(
      query(`INSERT INTO settlement_calendars VALUES ('JPY', 9, NULL, 's', '{6,7}', 'why', now())`),
    ).rejects.toThrow('no version 8');
  });
});

describe('over HTTP', () => {
  it('lists the calendars and shows a year of one, as of a version too', async () => {
    const list = calendarList.parse((await get('/api/calendars')).body);
    expect(list.calendars.map(({ currency }) => currency)).toEqual(
      expect.arrayContaining(['JPY', 'THB', 'EUR']),
    );
    const view = calendarView.parse((await get('/api/calendars/JPY')).body);
    // 261 weekdays in 2026, 19 of them closed.
    expect(view).toMatchObject({ year: 2026, basis: 'official', version: 1, businessDays: 242 });
    expect(view.exceptions).toContainEqual({
      day: '2026-12-31',
      weekday: 'Thu',
      kind: 'holiday',
      name: 'Bank holiday',
    });
    const made = calendarView.parse((await get('/api/calendars/CNY?year=2026')).body);
    expect(made.exceptions.filter(({ kind }) => kind === 'workedWeekend')).toHaveLength(6);
    const older = calendarView.parse((await get('/api/calendars/KRW?version=1')).body);
    expect(older.version).toBe(1);
  });

  it('works out a value date and says what was skipped', async () => {
    const path = '/api/value-date?payIn=JPY&payOut=THB&from=2026-12-30&lag=2';
    const view = valueDateView.parse((await get(path)).body);
    expect(view).toMatchObject({ valueDate: '2027-01-05', estimated: true });
    expect(view.skipped[0]).toEqual({
      day: '2026-12-31',
      weekday: 'Thu',
      closed: [
        { currency: 'JPY', kind: 'holiday', name: 'Bank holiday', basis: 'official' },
        { currency: 'THB', kind: 'holiday', name: "New Year's Eve", basis: 'official' },
      ],
    });
  });

  it.each([
    ['/api/calendars/KHR', 422, 'KHR'],
    ['/api/calendars/JPY?year=2031', 422, '2024 to 2027'],
    ['/api/calendars/JPY?version=7', 404, 'version 7'],
    ['/api/value-date?payIn=JPY&payOut=KHR&from=2026-12-30', 422, 'KHR'],
    ['/api/value-date?payIn=JPY&payOut=THB&from=2026-02-30', 422, '2026-02-30'],
    ['/api/value-date?payIn=JPY&payOut=THB&from=2026-02-28&lag=3', 422, 'lag'],
    ['/api/value-date?payIn=JPY&payOut=JPY&from=2027-12-31', 422, '2028-01-01'],
  ])('%s is refused', async (path, status, words) => {
    const refused = await get(path);
    expect(refused.status).toBe(status);
    expect(JSON.stringify(refused.body)).toContain(words);
  });
});
