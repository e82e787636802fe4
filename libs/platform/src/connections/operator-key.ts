import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { problemOf } from '../problems.js';
import { writeOnce } from '../signing/index.js';

/** Under this token Nest hands out the operator key's text. */
export const OPERATOR_KEY = Symbol('OperatorKey');

/** Where the key lies; whoever can read the data folder is the operator. */
export function operatorKeyPath(dataDir: string): string {
  return join(dataDir, 'operator.key');
}

/**
 * The secret that operator writes need as `Authorization: Bearer …`. Made on first use, mode
 * 0600, never logged; loopback alone would let any web page or other user of the machine enrol a
 * key of its own and then sign payments.
 */
export async function loadOrCreateOperatorKey(dataDir: string): Promise<string> {
  const path = operatorKeyPath(dataDir);
  await writeOnce(path, `wop_${randomBytes(32).toString('base64url')}\n`);
  const key = (await readFile(path, 'utf8')).trim();
  if (key.length < 20) throw new Error(`${path} is too short; remove it to have a new one made`);
  return key;
}

/** Whether an Authorization header carries the key; the time taken does not depend on how near. */
export function carriesKey(header: string | undefined, key: string): boolean {
  const match = /^Bearer +(\S+) *$/i.exec(header ?? '');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return match?.[1] !== undefined && timingSafeEqual(digest(match[1]), digest(key));
}

/** Lets an operator write through and nobody else. */
@Injectable()
export class OperatorKeyGuard implements CanActivate {
  constructor(@Inject(OPERATOR_KEY) private readonly key: string) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (carriesKey(request.headers.authorization, this.key)) return true;
    throw problemOf({
      code: 'ACCESS_DENIED',
      detail:
        'This needs the operator key: send Authorization: Bearer with the content of the file ' +
        'operator.key in the data folder.',
    });
  }
}

/** The name under which the API's description knows the operator key. */
export const OPERATOR_AUTH = 'operatorKey';

/** Marks a route in the API's description as needing the operator key. */
export function NeedsOperatorKey(): ReturnType<typeof ApiBearerAuth> {
  return ApiBearerAuth(OPERATOR_AUTH);
}
