import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, StandardSchemaValidationPipe } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS } from '#domain/rejection';
import type { Rejection, RejectionCode } from '#domain/rejection';
import { currentTrace } from './telemetry/context.js';
import type { Logger } from './telemetry/logger.js';

/** One field that is wrong; `field` is a path such as `paymentAmount.value`. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** A problem document (RFC 9457, section 3), with our extension members last. */
export interface Problem {
  /** `about:blank` when the status says it all (section 4.2.1), else `urn:wayfare:problem:<code>`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** The path that was asked for. */
  readonly instance?: string;
  /** Our rejection code, where the cause is one. */
  readonly code?: RejectionCode;
  readonly errors?: readonly FieldFault[];
  /** Quote it to find the log lines. */
  readonly requestId?: string;
}

/**
 * Carries a problem out of a controller. Only controllers throw it: rules return rejections, and
 * the controller turns them into this at the edge.
 */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** The problem of a refused command; status and title come from the domain's table. */
export function problemOf(rejection: Rejection): ProblemException {
  const { code, detail, field } = rejection;
  return new ProblemException({
    type: `urn:wayfare:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    ...PROBLEMS[code],
    detail,
    code,
    ...(field === undefined ? {} : { errors: [{ field, message: detail }] }),
  });
}

/** A fault of one schema, as Zod and every other Standard Schema report it. */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

function pathOf({ path = [] }: SchemaIssue): string {
  return path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
}

const MOST_FAULTS = 50;

/** The problem of input that does not fit its schema: names every field, up to a readable number. */
export function validationProblem(issues: readonly SchemaIssue[]): ProblemException {
  const errors = issues
    .slice(0, MOST_FAULTS)
    .map((issue) => ({ field: pathOf(issue), message: issue.message }));
  const [first] = errors;
  const where = first === undefined || first.field === '' ? 'The request' : first.field;
  const more = issues.length > 1 ? `, and ${String(issues.length - 1)} more` : '';
  return new ProblemException({
    type: 'urn:wayfare:problem:param-illegal',
    ...PROBLEMS.PARAM_ILLEGAL,
    detail: `${where}: ${first?.message ?? 'not valid'}${more}`,
    code: 'PARAM_ILLEGAL',
    errors,
  });
}

/** Nest's validation of bodies, queries and parameters, answering with problems. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: validationProblem });
}

function plainProblem(status: number, detail?: string): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) };
}

/** Schemas may be checked by hand too; anything with `issues` from Zod counts. */
function isZodError(error: unknown): error is { issues: readonly SchemaIssue[] } {
  return error instanceof Error && error.name === 'ZodError' && 'issues' in error;
}

/** Fastify refuses some requests before any route is reached: too large, not JSON, bad type. */
function clientStatus(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** How Node and PostgreSQL (class 08, 57P0x, 53300) say that there is no connection to be had. */
const AWAY_CODE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|57P0.|53300)$/;
const AWAY_MESSAGE = /^(Connection terminated|timeout exceeded when trying to connect)/;

/** A database that is away is no fault of the program: asking again later is right. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && AWAY_CODE.test(code)) return true;
  return AWAY_MESSAGE.test(error.message) || isAway(driverError ?? error.cause);
}

/** PostgreSQL's text holds no NUL character (22021), so no record of ours is named with one. */
function holdsNul(error: unknown): boolean {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: unknown };
  return code === '22021' || (driverError !== undefined && holdsNul(driverError));
}

/** The problem a caller sees. A fault of ours says nothing of its inside; the log has it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemException) return error.problem;
  if (isZodError(error)) return validationProblem(error.issues).problem;
  if (error instanceof HttpException) {
    const detail = error.message === STATUS_CODES[error.getStatus()] ? undefined : error.message;
    return plainProblem(error.getStatus(), detail);
  }
  const status = clientStatus(error);
  if (status !== undefined) return plainProblem(status, (error as Error).message);
  if (holdsNul(error)) return plainProblem(400, 'The request holds a NUL character.');
  if (isAway(error)) return plainProblem(503, 'The database does not answer. Ask again later.');
  return plainProblem(500, 'The fault is ours and has been logged under the request id.');
}

/** Answers every error of the operator API as `application/problem+json`, and logs our faults. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const requestId = currentTrace()?.requestId;
    const told = toProblem(error);
    const problem: Problem = {
      ...told,
      ...(told.status === 413 ? { detail: bodyLimitOf(request) } : {}),
      instance: request.url.split('?', 1)[0] ?? '/',
      ...(requestId === undefined ? {} : { requestId }),
    };
    if (problem.status >= 500) this.logger.error({ error }, 'a request failed');
    else this.logger.debug({ problem }, 'a request was refused');
    if (reply.sent) return;
    send(reply, problem);
  }
}

/** Fastify says only that a body is too large; a caller wants to know what would be taken. */
function bodyLimitOf({ routeOptions }: FastifyRequest): string {
  return `The body is too large: at most ${String(routeOptions.bodyLimit)} bytes are taken here.`;
}

function send(reply: FastifyReply, problem: Problem): void {
  void reply
    .status(problem.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

/** For Fastify's `frameworkErrors`: an address that no route can be looked up by. */
export function answerBadAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const [instance = '/'] = request.url.split('?', 1);
  send(reply, { ...toProblem(error), instance });
}
