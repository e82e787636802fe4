import type { NetworkSnapshot } from '#domain/routing/network-snapshot';
import { HUB_ORDER_CODE_PREFIX } from './order-code.js';

/** One rule by which a wallet tells the network's codes from others, without asking the hub. */
export interface CodeRule {
  readonly codeRuleId: string;
  readonly codeType: 'PAYMENT_CODE' | 'ORDER_CODE' | 'PRIVATE_ORDER_CODE' | 'NATIONAL_QR';
  /** ECMAScript pattern over the whole scanned text. */
  readonly pattern: string;
  readonly description: string;
}

/**
 * A wallet polls these at least daily and matches locally; only what matches is sent to the hub
 * (docs/sources.md A1.6). `codeRulesVersion` moves with the network.
 */
export function codeRules(network: NetworkSnapshot): {
  readonly codeRules: readonly CodeRule[];
  readonly codeRulesVersion: string;
} {
  const acquirers = [...network.acquirers.values()];
  return {
    codeRulesVersion: network.revision,
    codeRules: [
      {
        codeRuleId: 'hub-order-code',
        codeType: 'ORDER_CODE',
        pattern: `^https://qr\\.wayfare\\.example/${HUB_ORDER_CODE_PREFIX}/pay_[0-9a-z]{26}$`,
        description: 'Order codes issued by this hub',
      },
      ...acquirers.map((acquirer) => ({
        codeRuleId: `order-code-${acquirer.id}`.slice(0, 64),
        codeType: 'PRIVATE_ORDER_CODE' as const,
        pattern: `^[Hh][Tt][Tt][Pp][Ss]://[^/?#]+/${acquirer.orderCodePrefix}`,
        description: `Order codes of ${acquirer.name}`,
      })),
      {
        codeRuleId: 'emvco-mpm',
        codeType: 'NATIONAL_QR',
        pattern: '^0002(01|02)[\\s\\S]*6304[0-9A-Fa-f]{4}$',
        description: `EMVCo codes of ${[...network.schemes.values()].map((scheme) => scheme.name).join(', ')}`,
      },
    ],
  };
}
