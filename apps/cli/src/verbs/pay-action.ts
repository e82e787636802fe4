import { ExplainedError } from '#platform/explained-error';
import type { PaymentExplanation } from '#contracts/operator/payments';
import { scannedPayloads } from '../scanned.js';
import { FLOWS, scanned, type Played } from '../story/flows.js';
import { receiptText } from '../story/receipt.js';
import { HubApi } from '../system/hub-api.js';
import { withSystem, type System } from '../system/system.js';
import { paintFor } from './paint.js';
import type { PayOptions } from './pay.js';

const SETTLED_WITHIN_MS = 10_000;
/** A till that inquires takes up to a minute; silence that long looks like a hang. */
const QUIET_MS = 3_000;

/** Lets a simulated wallet's user pay; exits 1 when nothing was paid. */
export async function pay(options: PayOptions): Promise<void> {
  // Read first: a wrong file name need not wait for a hub.
  const codeValue = options.qr === undefined ? undefined : await readScanned(options.qr);
  const { played, explanation, hubStays } = await withSystem(async (system) => {
    const hub = new HubApi(system.hubUrl, system.dataDir);
    const impatience = setTimeout(() => {
      process.stderr.write('wayfare: no final answer yet; waiting …\n');
    }, QUIET_MS);
    impatience.unref();
    const attempt =
      codeValue === undefined
        ? await payAtStore(system, hub, options)
        : scanned(codeValue, await scan(system, options, codeValue));
    const { paymentId } = attempt;
    const explained =
      paymentId === undefined ? null : await hub.explainWhenCleared(paymentId, SETTLED_WITHIN_MS);
    clearTimeout(impatience);
    return { played: attempt, explanation: explained, hubStays: system.stays };
  });
  const text =
    options.json === true
      ? asJson(played, explanation)
      : receiptText({ result: played.result, explanation, hubStays }, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  if (explanation?.payment.state !== 'succeeded') process.exitCode = 1;
}

function scan({ sandbox }: System, { wallet, customer, amount }: PayOptions, codeValue: string) {
  return sandbox.scan(wallet, {
    customerId: customer,
    codeValue,
    ...(amount === undefined ? {} : { amount }),
  });
}

async function payAtStore(system: System, hub: HubApi, options: PayOptions): Promise<Played> {
  const { sandbox } = system;
  const { wallet, customer, store: storeId = '', amount, by, storeBehaves } = options;
  const flow = FLOWS.find(({ name }) => name === by);
  if (flow === undefined) throw new Error(`the command line let an unknown flow pass: ${by}`);
  const { payload, acquirerId } = await hub.storeCode(storeId);
  if (storeBehaves !== undefined) await sandbox.behaveNext(acquirerId, storeId, storeBehaves);
  try {
    if (amount === undefined) return scanned(payload, await scan(system, options, payload));
    const meeting = { walletId: wallet, customerId: customer, acquirerId, storeId, amount };
    return await flow.play(sandbox, hub, meeting);
  } finally {
    // Nothing was pushed after a refusal: the next payment there must not pay for this one.
    if (storeBehaves !== undefined) await sandbox.behaveNext(acquirerId, storeId, 'ok');
  }
}

/** The text of the one code that was scanned. */
async function readScanned(given: string): Promise<string> {
  const [first, ...others] = await scannedPayloads(given);
  if (others.length > 0) {
    throw new ExplainedError(`there are ${String(others.length + 1)} codes in ${given}; show one`);
  }
  if (typeof first === 'string') return first;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(first);
  } catch {
    throw new ExplainedError(`${given} is neither a picture nor a code: its bytes are no UTF-8`);
  }
}

function asJson(played: Played, explanation: PaymentExplanation | null): string {
  const { codeValue, paymentId = null, result, scan: phone } = played;
  const document = { codeValue, paymentId, result, phone: phone ?? null, explanation };
  return JSON.stringify(document, null, 2);
}
