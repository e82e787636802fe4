import { decodeQr } from '#domain/qr/index';
import { rejected, type Outcome } from '#domain/rejection';
import type { SchemeAccount } from '#domain/routing/resolve-code';
import { schemeAccountsOf } from '#domain/routing/scheme-accounts';

/** A national code as routing needs it. */
export interface ScannedNationalCode {
  readonly accounts: readonly SchemeAccount[];
  readonly country: string | null;
  readonly currency: string | null;
  /** Minor units of `currency`; null when the payer types the amount. */
  readonly amountMinor: bigint | null;
}

/**
 * Reads a scanned EMVCo code for payment. A rejected code is refused with its first error; what
 * the codec merely warns of is payable.
 */
export function readNationalCode(codeValue: string): Outcome<ScannedNationalCode> {
  const decoding = decodeQr(codeValue);
  if (decoding.verdict === 'reject') {
    const fault = decoding.issues.find((issue) => issue.severity === 'error') ?? decoding.issues[0];
    const where = fault === undefined || fault.path === '' ? '' : ` (at ${fault.path})`;
    return rejected(
      'INVALID_CODE',
      `The code cannot be paid: ${fault?.message ?? 'it is not readable'}${where}. Scan it again or ask the shop.`,
      'codeValue',
    );
  }
  if (decoding.format !== 'emvco-mpm') {
    return rejected(
      'INVALID_CODE',
      `A ${decoding.format} code is not a merchant's code of this network; show it at the till or open it in its own app.`,
      'codeValue',
    );
  }
  const { amountMinor } = decoding;
  return {
    ok: true,
    value: {
      accounts: schemeAccountsOf(decoding),
      country: decoding.country,
      currency: decoding.currencyAlpha,
      amountMinor: amountMinor === 0n ? null : amountMinor,
    },
  };
}
