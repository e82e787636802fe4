/**
 * Goal: whatever goes wrong in the operator API, the caller gets a problem document that names the
 * fault and how to find it in the log, and never sees the inside of a fault of ours.
 * Method: a real server on a free port with routes that fail in each of the known ways, asked by
 * fetch; its log is collected and read.
 */
import 'reflect-metadata';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { seededIds } from './id-source.js';
import {
  type Problem,
  ProblemFilter,
  problemOf,
  validationPipe,
  answerBadAddress,
  toProblem,
} from './problems.js';
import { traceRequests } from './telemetry/context.js';
import { createLogger } from './telemetry/logger.js';

const amount = z.object({ value: z.string().regex(/^\d+$/), currency: z.string().length(3) });
const payment = z.object({ paymentAmount: amount, wallet: z.string() });

@Controller()
class Failing {
  @Get('declined')
  declined(): never {
    throw problemOf({ code: 'RATE_STALE', detail: 'Rates are 9 days old.', field: 'rate' });
  }
  @Get('broken/:id')
  broken(@Param('id') id: string): never {
    throw new Error(`secret of ${id}`);
  }
  @Get('by-hand')
  byHand(): unknown {
    return payment.parse({ wallet: 3 });
  }
  @Post('payments')
  pay(@Body({ schema: payment }) body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [Failing] })
class FailingModule {}

describe('problem documents', () => {
  let app: NestFastifyApplication;
  let base: string;
  let log = '';

  beforeAll(async () => {
    const destination = { write: (line: string) => void (log += line) };
    const logger = createLogger({ name: 'test', level: 'debug', destination });
    const adapter = new FastifyAdapter({ bodyLimit: 1_000, frameworkErrors: answerBadAddress });
    app = await NestFactory.create<NestFastifyApplication>(FailingModule, adapter, {
      logger: false,
    });
    app.useGlobalFilters(new ProblemFilter(logger));
    app.useGlobalPipes(validationPipe());
    traceRequests(adapter.getInstance(), { ids: seededIds(1), nowMs: () => 0 });
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(async () => app.close());
  beforeEach(() => (log = ''));

  async function ask(path: string, init?: RequestInit): Promise<Problem> {
    const response = await fetch(`${base}${path}`, init);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as Problem;
    expect(problem.status).toBe(response.status);
    expect(problem.requestId).toBe(response.headers.get('x-request-id'));
    return problem;
  }
  const post = async (body: string, type = 'application/json'): Promise<Problem> =>
    ask('/payments', { method: 'POST', body, headers: { 'content-type': type } });

  it('gives a rejection its status, title, code and field', async () => {
    expect(await ask('/declined?x=1')).toMatchObject({
      type: 'urn:wayfare:problem:rate-stale',
      title: 'Exchange rate too old',
      status: 503,
      detail: 'Rates are 9 days old.',
      instance: '/declined',
      code: 'RATE_STALE',
      errors: [{ field: 'rate', message: 'Rates are 9 days old.' }],
    });
  });

  it('names every field that does not fit the schema', async () => {
    const problem = await post('{"paymentAmount":{"value":"1.5","currency":"YEN!"}}');
    expect(problem).toMatchObject({ status: 422, code: 'PARAM_ILLEGAL', instance: '/payments' });
    expect(problem.errors?.map(({ field }) => field)).toEqual([
      'paymentAmount.value',
      'paymentAmount.currency',
      'wallet',
    ]);
    expect((await ask('/by-hand')).errors?.map(({ field }) => field)).toEqual([
      'paymentAmount',
      'wallet',
    ]);
  });

  it('hides a fault of ours from the caller and logs it under the same request id', async () => {
    const problem = await ask('/broken/42', { headers: { 'x-request-id': 'mine-1' } });
    expect(problem).toMatchObject({ type: 'about:blank', status: 500, requestId: 'mine-1' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    const line = JSON.parse(log.trim()) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'error', requestId: 'mine-1' });
    expect(JSON.stringify(line['error'])).toContain('secret of 42');
  });

  it.each([
    ['as Node says it', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    ['as PostgreSQL says it', Object.assign(new Error('x'), { code: '57P01' })],
    ['as the pool says it', new Error('Connection terminated due to connection timeout')],
    [
      'as TypeORM passes it on',
      Object.assign(new Error('x'), {
        driverError: Object.assign(new Error('y'), { code: '08006' }),
      }),
    ],
  ])('asks to come again when the database is away, %s', (_, error) => {
    const problem = toProblem(error);
    expect(problem.status).toBe(503);
    expect(problem.detail).toContain('database does not answer');
  });

  it('blames the caller for a character that no database text holds', () => {
    const error = Object.assign(new Error('x'), { driverError: { code: '22021' } });
    expect(toProblem(error)).toMatchObject({ status: 400, detail: expect.stringContaining('NUL') });
  });

  it('answers an address that no route can be looked up by', async () => {
    const response = await fetch(`${base}/broken/%E0%A4%A`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ status: 400, title: 'Bad Request' });
  });

  it('takes no other error of the database for its absence', () => {
    const broken = Object.assign(new Error('duplicate key'), { code: '23505' });
    expect(toProblem(broken).status).toBe(500);
  });

  it('answers what the server refuses by itself in the same shape', async () => {
    expect(await ask('/nowhere')).toMatchObject({ status: 404, type: 'about:blank' });
    expect(await post('{"paymentAmount":')).toMatchObject({ status: 400 });
    expect(await post('x'.repeat(2_000))).toMatchObject({
      status: 413,
      detail: expect.stringContaining('1000 bytes') as string,
    });
    expect(await post('a=1', 'text/x-odd')).toMatchObject({ status: 415 });
  });

  it('does not take over a request id that could forge log lines', async () => {
    const problem = await ask('/nowhere', { headers: { 'x-request-id': 'a b{"level":"info"}' } });
    expect(problem.requestId).toMatch(/^req_[0-9a-z]{26}$/);
  });
});
