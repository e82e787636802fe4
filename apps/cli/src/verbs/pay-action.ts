import { existsSync, readFileSync } from 'node:fs';
import { ExplainedError } from '#platform/explained-error';
import type { PaymentExplanation } from '#contracts/operator/payments';
import { HubApi } from '../system/hub-api.js';
import type { ScanOutcome } from '../system/sandbox-control.js';
import { withSystem } from '../system/system.js';
import { paintFor, type Paint } from './paint.js';
import type { PayOptions } from './pay.js';

const SETTLED_WITHIN_MS = 10_000;

/** Lets a simulated wallet's user scan and pay; exits 1 when nothing was paid. */
export async function pay(options: PayOptions): Promise<void> {
  if ((options.qr === undefined) === (options.store === undefined)) {
    throw new ExplainedError('give either --qr with what was scanned, or --store');
  }
  const { outcome, explanation } = await withSystem(async (system) => {
    const hub = new HubApi(system.hubUrl);
    const codeValue =
      options.store === undefined
        ? await readScanned(options.qr ?? '')
        : (await hub.storeCode(options.store)).payload;
    const scanned = await system.sandbox.scan(options.wallet, {
      customerId: options.customer,
      codeValue,
      ...(options.amount === undefined ? {} : { amount: options.amount }),
    });
    const { paymentRequestId } = scanned;
    return {
      outcome: scanned,
      explanation:
        paymentRequestId === undefined
          ? null
          : await hub.explainWhenCleared(paymentRequestId, SETTLED_WITHIN_MS),
    };
  });
  const text =
    options.json === true
      ? JSON.stringify({ outcome, explanation }, null, 2)
      : receipt(outcome, explanation, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  if (explanation?.payment.state !== 'succeeded') process.exitCode = 1;
}

/** The text of a code, or of the one code in a picture. */
async function readScanned(given: string): Promise<string> {
  const isFile = /\.(png|jpe?g)$/i.test(given) || (given.length < 250 && existsSync(given));
  if (!isFile) return given;
  const { readQrPicture } = await import('#platform/qr-pictures/index');
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(given);
  } catch (error) {
    throw new ExplainedError(`cannot read ${given}: ${(error as Error).message}`);
  }
  const codes = await readQrPicture(bytes);
  if (codes === 'notAPicture') throw new ExplainedError(`${given} is neither PNG nor JPEG`);
  if (codes === 'tooLarge') throw new ExplainedError(`${given} is too large a picture`);
  const [first] = codes;
  if (first === undefined) throw new ExplainedError(`there is no QR code in ${given}`);
  if (codes.length > 1) {
    throw new ExplainedError(`there are ${String(codes.length)} QR codes in ${given}; show one`);
  }
  return first;
}

function receipt(
  outcome: ScanOutcome,
  explanation: PaymentExplanation | null,
  paint: Paint,
): string {
  if (explanation === null) {
    const { resultStatus, resultCode, resultMessage } = outcome.result;
    return paint('red', `Not paid. ${resultStatus} ${resultCode}: ${resultMessage}`);
  }
  const { payment, quotes } = explanation;
  const quote = quotes[0];
  const paid = payment.state === 'succeeded';
  const lines = [
    paint(paid ? 'green' : 'red', paid ? 'PAID' : payment.state.toUpperCase()),
    `  to        ${payment.merchantName}`,
    `  amount    ${payment.paymentAmount.text}`,
    `  charged   ${payment.payToAmount?.text ?? 'nothing'}`,
  ];
  if (quote !== undefined && quote.base !== quote.counter) {
    lines.push(
      `  rate      1 ${quote.base} = ${quote.price} ${quote.counter}${quote.pinned ? ` (figures of ${quote.legs[0]?.asOf ?? '?'})` : ''}`,
    );
  }
  lines.push(
    `  wallet    ${payment.wallet ?? '?'} (simulated), via ${payment.acquirer}`,
    `  payment   ${payment.id}`,
    `  time      ${payment.completedAt ?? payment.createdAt}`,
  );
  if (payment.decline !== null) {
    lines.push(
      `  reason    ${payment.decline.code}: ${payment.decline.detail} (${payment.decline.by})`,
    );
  }
  lines.push('', paint('dim', `npm run -s wayfare -- why ${payment.id}`));
  return lines.join('\n');
}
