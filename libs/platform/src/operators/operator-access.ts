import type { OperatorScope } from '#contracts/operator/operators';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { CLOCK, type Clock } from '../clock.js';
import { problemOf } from '../problems.js';
import { LOGGER, type Logger } from '../telemetry/logger.js';
import { AuditLog } from './audit-log.js';
import { OPERATOR_KEY, bearerKeyOf, sameKey } from './bootstrap-key.js';
import { LOCAL_OPERATOR, noteCaller, type Caller, type ParticipantCaller } from './caller.js';
import { DeniedAttempts } from './denied-attempts.js';
import { isLoopbackAddress, isLoopbackHost } from './loopback.js';
import { OperatorKeys } from './operator-keys.js';

/** Under this token Nest hands out whether reading is open to callers of this machine. */
export const OPEN_READS = Symbol('OpenReads');

const HOW =
  'send Authorization: Bearer with a key, e.g. the content of the file operator.key in the data folder';

type KeylessOrOperator = Exclude<Caller, ParticipantCaller>;

/** Decides who calls and what they may; every refusal is a problem, and written down. */
@Injectable()
export class OperatorAccess {
  private readonly denied = new DeniedAttempts();

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(OPERATOR_KEY) private readonly rootKey: string,
    @Inject(OPEN_READS) private readonly openReads: boolean,
    @Inject(OperatorKeys) private readonly keys: OperatorKeys,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** An operator with the scopes, which may be none. @throws ProblemException `ACCESS_DENIED` */
  async requireScopes(request: FastifyRequest, scopes: readonly OperatorScope[]): Promise<true> {
    const caller = await this.identify(request);
    return caller.kind === 'participant'
      ? this.refuseParticipant(request, caller)
      : this.admitOperator(request, caller, scopes);
  }

  /** A reader: an operator with `read`, or anybody on this machine where reading is open. */
  async requireRead(request: FastifyRequest): Promise<true> {
    const caller = await this.identify(request);
    return caller.kind === 'participant'
      ? this.refuseParticipant(request, caller)
      : this.admitReader(request, caller);
  }

  /**
   * That participant itself, or an operator: a reader for reading, and for anything else one with
   * the scopes. Where reading is open to callers without a key, changing is not.
   */
  async requireParticipant(
    request: FastifyRequest,
    participantId: string,
    scopes: readonly OperatorScope[],
  ): Promise<true> {
    const caller = await this.identify(request);
    if (caller.kind !== 'participant') {
      return isReading(request)
        ? this.admitReader(request, caller)
        : this.admitOperator(request, caller, scopes);
    }
    if (caller.participantId === participantId) return admit(request, caller);
    return this.refuseParticipant(request, caller);
  }

  /** Anybody with a key in force, or to read, anybody at all where reading is open. */
  async requireAnyKey(request: FastifyRequest): Promise<true> {
    const caller = await this.identify(request);
    if (caller.kind !== 'open') return admit(request, caller);
    return isReading(request)
      ? this.admitReader(request, caller)
      : this.admitOperator(request, caller, []);
  }

  /** A key that is presented must be right, even where none is needed. */
  private async identify(request: FastifyRequest): Promise<Caller> {
    const { authorization } = request.headers;
    if (authorization === undefined) return { kind: 'open' };
    const key = bearerKeyOf(authorization) ?? '';
    if (sameKey(key, this.rootKey)) return LOCAL_OPERATOR;
    const caller = await this.keys.identify(this.dataSource.manager, key);
    if (caller !== undefined) return caller;
    const detail = 'The key is unknown, revoked or expired; ask the operator for another.';
    return this.refuse(request, { kind: 'open' }, [], detail);
  }

  private admitOperator(
    request: FastifyRequest,
    caller: KeylessOrOperator,
    scopes: readonly OperatorScope[],
  ): true | Promise<never> {
    if (caller.kind === 'open') {
      const named = scopes.length === 0 ? "an operator's key" : `a key with ${scopes.join(', ')}`;
      return this.refuse(request, caller, scopes, `This needs ${named}: ${HOW}.`);
    }
    const missing = scopes.filter((scope) => !caller.scopes.has(scope));
    if (missing.length > 0) {
      const detail = `The key ${caller.name} has no ${missing.join(', ')}, which this needs.`;
      return this.refuse(request, caller, missing, detail);
    }
    return admit(request, caller);
  }

  private admitReader(request: FastifyRequest, caller: KeylessOrOperator): true | Promise<never> {
    if (caller.kind === 'operator') {
      if (caller.scopes.has('read')) return admit(request, caller);
      const detail = `The key ${caller.name} has no read, which this needs.`;
      return this.refuse(request, caller, ['read'], detail);
    }
    if (this.openReads && isFromThisMachine(request)) return admit(request, caller);
    return this.refuse(request, caller, ['read'], `This needs a key with read: ${HOW}.`);
  }

  /** One answer for whatever is not its own, so that nothing is learned about others. */
  private refuseParticipant(request: FastifyRequest, caller: Caller): Promise<never> {
    const own = caller.kind === 'participant' ? caller.participantId : '';
    const detail = `The key is ${own}'s and opens the pages under /api/participants/${own} alone.`;
    return this.refuse(request, caller, [], detail);
  }

  private async refuse(
    request: FastifyRequest,
    caller: Caller,
    scopes: readonly OperatorScope[],
    detail: string,
  ): Promise<never> {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    const who = caller.kind === 'open' ? request.ip : (caller.keyId ?? caller.name);
    const leftOut = this.denied.admit(`${who} ${route}`, this.clock.nowMs());
    if (leftOut !== undefined) {
      const more = leftOut === 0 ? '' : ` (${String(leftOut)} attempts before it were left out)`;
      try {
        await this.audit.recordDenied(this.dataSource.manager, {
          caller,
          scope: scopes[0] ?? null,
          action: route,
          subject: request.url.split('?', 1)[0] ?? '',
          reason: `From ${request.ip}: ${detail}${more}`,
        });
      } catch (error) {
        // The refusal stands whether or not it can be written down.
        this.logger.warn({ error, route }, 'a refused attempt could not be written down');
      }
    }
    throw problemOf({ code: 'ACCESS_DENIED', detail });
  }
}

export function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function admit(request: FastifyRequest, caller: Caller): true {
  noteCaller(request, caller);
  return true;
}

/**
 * A page of the web can make a browser on this machine ask, under the page's own name (DNS
 * rebinding), and a proxy asks for people elsewhere: neither counts as from here.
 */
function isFromThisMachine(request: FastifyRequest): boolean {
  const { headers } = request;
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  return isLoopbackAddress(request.ip) && isLoopbackHost(headers.host ?? '');
}
