import { OPERATOR_SCOPES, type OperatorScope } from '#contracts/operator/operators';
import {
  applyDecorators,
  Inject,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiForbiddenResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { isReading, OperatorAccess } from './operator-access.js';

/** The name under which the API's description knows keys. */
export const OPERATOR_AUTH = 'operatorKey';

const SCOPES = 'wayfare:scopes';
const GUARDED = 'wayfare:guarded';

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

function markOf(reflector: Reflector, mark: string, context: ExecutionContext): unknown {
  return reflector.getAllAndOverride<unknown>(mark, [context.getHandler(), context.getClass()]);
}

/** Without a scope named, only a key with all of them will do. */
function scopesOf(reflector: Reflector, context: ExecutionContext): readonly OperatorScope[] {
  const named = markOf(reflector, SCOPES, context) as readonly OperatorScope[] | undefined;
  return named ?? OPERATOR_SCOPES;
}

/** Lets operators through whose key has the scope the route names. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(
    @Inject(OperatorAccess) private readonly access: OperatorAccess,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    return this.access.requireScopes(requestOf(context), scopesOf(this.reflector, context));
  }
}

/** Lets a participant through to its own pages, by the `id` of the path, and operators. */
@Injectable()
export class ParticipantScope implements CanActivate {
  constructor(
    @Inject(OperatorAccess) private readonly access: OperatorAccess,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const { id } = request.params as { readonly id?: unknown };
    return this.access.requireParticipant(
      request,
      typeof id === 'string' ? id : '',
      scopesOf(this.reflector, context),
    );
  }
}

/** Lets through whoever has any key. */
@Injectable()
export class AnyKeyGuard implements CanActivate {
  constructor(@Inject(OperatorAccess) private readonly access: OperatorAccess) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    return this.access.requireAnyKey(requestOf(context));
  }
}

/**
 * Stands before every route of the hub, so that forgetting a guard opens nothing: what is not
 * guarded otherwise can be read by readers, and changed only with a key of every scope.
 */
@Injectable()
export class DefaultGuard implements CanActivate {
  constructor(
    @Inject(OperatorAccess) private readonly access: OperatorAccess,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (markOf(this.reflector, GUARDED, context) === true) return true;
    const request = requestOf(context);
    return isReading(request)
      ? this.access.requireRead(request)
      : this.access.requireScopes(request, OPERATOR_SCOPES);
  }
}

/** The route needs an operator's key with this scope; the caller is had by `@TheOperator()`. */
export function NeedsScope(scope: OperatorScope): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(SCOPES, [scope]),
    SetMetadata(GUARDED, true),
    UseGuards(ScopeGuard),
    ApiBearerAuth(OPERATOR_AUTH),
    ApiForbiddenResponse({ description: `The key is missing, wrong, or has no ${scope}` }),
  );
}

/** The route needs an operator's key, and sees for itself which scope its content takes. */
export function NeedsOperator(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(SCOPES, []),
    SetMetadata(GUARDED, true),
    UseGuards(ScopeGuard),
    ApiBearerAuth(OPERATOR_AUTH),
    ApiForbiddenResponse({ description: 'The key is missing, wrong, or without the scope' }),
  );
}

/**
 * The route, with `:id` for the participant, is for that participant's key and for readers; what
 * it shows must be that participant's own leg and terms.
 *
 * @param scope what an operator needs to do it in the participant's stead, where it changes
 *   something; without one, every scope
 */
export function OwnParticipant(scope?: OperatorScope): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...(scope === undefined ? [] : [SetMetadata(SCOPES, [scope])]),
    SetMetadata(GUARDED, true),
    UseGuards(ParticipantScope),
    ApiBearerAuth(OPERATOR_AUTH),
    ApiForbiddenResponse({ description: 'The key is missing, wrong, or of another participant' }),
  );
}

/** The route is for whoever has a key, whatever it lets them do. */
export function AnyKey(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(GUARDED, true),
    UseGuards(AnyKeyGuard),
    ApiBearerAuth(OPERATOR_AUTH),
  );
}

/** The route is for everybody: it tells nothing that is anybody's. */
export function OpenToAll(): MethodDecorator & ClassDecorator {
  return SetMetadata(GUARDED, true);
}
