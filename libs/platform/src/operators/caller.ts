import {
  OPERATOR_SCOPES,
  type CallerView,
  type OperatorScope,
} from '#contracts/operator/operators';
import { invariant } from '#domain/invariant';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The holder of the data folder: above all keys, and one person like any other. */
export const BOOTSTRAP = 'bootstrap';

/** An operator's key, or the root key, which has no row and so no id. */
export interface OperatorCaller {
  readonly kind: 'operator';
  readonly keyId: string | null;
  readonly name: string;
  readonly person: string;
  readonly scopes: ReadonlySet<OperatorScope>;
}

/** A wallet's or acquirer's key: it opens that participant's own pages. */
export interface ParticipantCaller {
  readonly kind: 'participant';
  readonly keyId: string;
  readonly name: string;
  readonly person: string;
  readonly participantId: string;
}

/** Who calls the operator API. `open` is a reader without a key, where reading is open. */
export type Caller = OperatorCaller | ParticipantCaller | { readonly kind: 'open' };

/** Whoever works on the database from the command line, or with the root key. */
export const LOCAL_OPERATOR: OperatorCaller = {
  kind: 'operator',
  keyId: null,
  name: BOOTSTRAP,
  person: BOOTSTRAP,
  scopes: new Set(OPERATOR_SCOPES),
};

const callers = new WeakMap<FastifyRequest, Caller>();

/** Guards note whom they let through; controllers ask by `@TheCaller()`. */
export function noteCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** The caller that a guard has let through. */
export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  invariant(caller !== undefined, 'no guard has looked at this request');
  return caller;
});

/** The operator that `NeedsScope` has let through. */
export const TheOperator = createParamDecorator(
  (_: unknown, context: ExecutionContext): OperatorCaller => {
    const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
    invariant(caller?.kind === 'operator', 'the route asks for an operator without NeedsScope');
    return caller;
  },
);

export function callerView(caller: Caller): CallerView {
  switch (caller.kind) {
    case 'open':
      return { kind: 'open', name: null, person: null, participant: null, scopes: [] };
    case 'participant': {
      const { kind, name, person, participantId } = caller;
      return { kind, name, person, participant: participantId, scopes: [] };
    }
    case 'operator': {
      const { kind, name, person, scopes } = caller;
      return { kind, name, person, participant: null, scopes: [...scopes] };
    }
  }
}
