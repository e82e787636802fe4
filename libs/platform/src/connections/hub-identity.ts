import { join } from 'node:path';
import { loadOrCreateKeyPair, type KeyPair } from '../signing/index.js';
import type { WireSigner } from '../wire/wire-call.js';

/** Under this token Nest hands out the hub's identity. */
export const HUB_IDENTITY = Symbol('HubIdentity');

/** Who the hub is on the wire: what it signs calls and answers with. */
export interface HubIdentity extends WireSigner, KeyPair {}

export const HUB_CLIENT_ID = 'WAYFARE';

/**
 * The hub's key, kept in the data folder: partners pin it, so it must outlive restarts and be the
 * same in every process of the hub.
 */
export async function loadHubIdentity(dataDir: string): Promise<HubIdentity> {
  const pair = await loadOrCreateKeyPair(join(dataDir, 'keys', 'hub.pem'));
  return { ...pair, clientId: HUB_CLIENT_ID, keyVersion: 1 };
}
