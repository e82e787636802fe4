import { AcquirerRepository } from '#acquirers';
import { CorridorRepository, NetworkDirectory } from '#corridors';
import { MerchantRepository, StoreRepository } from '#merchants';
import { ExplainPayment, PaymentRepository, RefundRepository } from '#payments';
import { WalletRepository } from '#wallets';
import { systemClock } from '#platform/clock';
import { ExplainedError } from '#platform/explained-error';
import { withDatabase } from '../database.js';
import { explanationText } from '../story/explanation-text.js';
import { widthFor } from '../story/table.js';
import { paintFor } from './paint.js';

/** Reads the database itself, so that it answers whether or not a hub runs. */
export async function why(id: string, json: boolean): Promise<void> {
  const explanation = await withDatabase(async ({ manager }) => {
    const network = new NetworkDirectory(
      new WalletRepository(),
      new AcquirerRepository(),
      new MerchantRepository(),
      new StoreRepository(),
      new CorridorRepository(),
    );
    await network.refresh(manager);
    const explainer = new ExplainPayment(
      new PaymentRepository(),
      new RefundRepository(),
      network,
      systemClock,
    );
    return explainer.explain(manager, id);
  });
  if (explanation === undefined) {
    throw new ExplainedError(`there is no payment ${id.slice(0, 80)}; ids look like pay_01ks…`);
  }
  process.stdout.write(
    json
      ? `${JSON.stringify(explanation, null, 2)}\n`
      : explanationText(explanation, paintFor(process.stdout), widthFor(process.stdout)),
  );
}
