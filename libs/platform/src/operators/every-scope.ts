import { ApiBearerAuth } from '@nestjs/swagger';
import { OPERATOR_AUTH } from './guards.js';

/** Without a scope on the route, the guard lets only a key with all of them through. */
export { ScopeGuard as OperatorKeyGuard } from './guards.js';

/** Marks a route in the API's description as needing a key with every scope. */
export function NeedsOperatorKey(): ReturnType<typeof ApiBearerAuth> {
  return ApiBearerAuth(OPERATOR_AUTH);
}
