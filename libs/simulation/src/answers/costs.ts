import type { CostAnswer, FxAnswer, RevenueAnswer } from './answers.js';
import { costsOf, revenueOf } from './corridors.js';
import type { Ground } from './ground.js';
import { sum, type PairUsd, type Tally } from './tally.js';

/** Who earned what; dollars, net of refunds. */
export function revenueAnswerOf(tally: Tally, fx: FxAnswer): RevenueAnswer {
  const usd = (name: PairUsd): number => sum(tally.usd[name]);
  const { walletUsd, hubUsd, acquirerUsd } = revenueOf(usd);
  return {
    wallets: {
      interchange: usd('interchangeCreditedNet'),
      schemeFees: 0 - usd('schemeFeeWallet'),
      total: walletUsd,
    },
    hub: {
      schemeFeesOfAcquirers: usd('schemeFeeAcquirer'),
      schemeFeesOfWallets: usd('schemeFeeWallet'),
      fxMargin: usd('marginNet'),
      fxMarginReturned: 0 - usd('marginReturnedNet'),
      total: hubUsd,
      afterCovers: hubUsd + fx.positionResultUsd + fx.refundResultUsd - fx.coverCostUsd,
    },
    acquirers: {
      mdr: usd('mdrNet'),
      interchange: 0 - usd('interchangeChargedNet'),
      schemeFees: 0 - usd('schemeFeeAcquirer'),
      total: acquirerUsd,
    },
    refunded: usd('refunded'),
  };
}

/** What merchants and payers pay, and would pay for the same purchases with cards or cash. */
export function costAnswerOf({ world }: Ground, tally: Tally): CostAnswer {
  const usd = sum(tally.usd.value);
  const { merchantCostBps, payerCostBps } = costsOf(usd, sum(tally.usd.mdr), sum(tally.usd.margin));
  const { cardMerchantBps, cardPayerFxBps, cashExchangeBps } = world.costs;
  const saved = (otherBps: number, walletBps: number): number =>
    (usd * (otherBps - walletBps)) / 10_000;
  return {
    merchant: {
      walletBps: merchantCostBps,
      cardBps: cardMerchantBps,
      savedUsd: saved(cardMerchantBps, merchantCostBps),
    },
    payer: {
      walletBps: payerCostBps,
      cardBps: cardPayerFxBps,
      cashBps: cashExchangeBps,
      savedAgainstCardUsd: saved(cardPayerFxBps, payerCostBps),
      savedAgainstCashUsd: saved(cashExchangeBps, payerCostBps),
    },
  };
}
