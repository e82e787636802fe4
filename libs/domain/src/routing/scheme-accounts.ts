import type { QrDecoding } from '../qr/index.js';
import type { SchemeAccount } from './resolve-code.js';

/**
 * What routing needs of a decoded merchant code: the accounts of the schemes the codec recognised,
 * national ones first, with their children by tag as the code has them (00 is the GUID, which some
 * schemes fill with the payee). Empty for codes that are not EMVCo merchant codes.
 */
export function schemeAccountsOf(decoding: QrDecoding): SchemeAccount[] {
  if (decoding.format !== 'emvco-mpm') return [];
  const byId = new Map(decoding.accounts.map((account) => [account.id, account]));
  return decoding.schemes.flatMap((match) => {
    const account = byId.get(match.path);
    if (account === undefined) return [];
    const children = typeof account.value === 'string' ? { value: account.value } : account.value;
    const guid = account.guid === null ? {} : { '00': account.guid };
    return [{ schemeId: match.scheme, identifiers: { ...guid, ...children } }];
  });
}
