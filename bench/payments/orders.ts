import { sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { wireTime } from '#contracts/partner-wire/index';
import { formatSignatureHeader } from '#platform/signing/signature-header';
import { signedText } from '#platform/signing/signed-text';
import type pg from 'pg';
import { purchases, type AcquirerShare, type Purchase, type Skew } from './mix.js';

/** A request as it will travel, head and body, and what its answer must say. */
export interface Order {
  readonly bytes: Buffer;
  readonly acquirerId: string;
  readonly currency: string;
  readonly minor: number;
}

/** One acquirer's signature, as the load generator plays it. */
export interface Till {
  readonly clientId: string;
  readonly privateKey: KeyObject;
}

export const PAY_PATH = '/aps/api/v1/payments/pay';
const CODE_TTL_MINUTES = 60;
const CODES_PER_STATEMENT = 5_000;
/** As many as libuv's pool signs at once, and some that wait. */
const SIGNED_AT_ONCE = 16;

const signAsync = promisify(sign);

/**
 * Signs requests beforehand and has payers show their codes, so that while the clock runs the
 * load generator only sends bytes. Codes are put into the table as `getPaymentCode` would.
 */
export async function prepareOrders(parts: {
  readonly client: pg.Client;
  readonly host: string;
  readonly shares: readonly AcquirerShare[];
  readonly tills: ReadonlyMap<string, Till>;
  readonly skew: Skew;
  readonly count: number;
  /** Makes ids unique; also the seed of the mix. */
  readonly run: number;
}): Promise<Order[]> {
  const { client, count, run } = parts;
  const stream = purchases(parts.shares, parts.skew, run);
  const bought = Array.from({ length: count }, () => stream.next().value);
  await showCodes(client, bought, run);
  const orders: Order[] = [];
  let next = 0;
  const signSome = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const purchase = bought[index];
      const till = parts.tills.get(purchase?.share.acquirerId ?? '');
      if (purchase === undefined || till === undefined) throw new Error('an acquirer has no till');
      orders[index] = await signedOrder(
        purchase,
        till,
        parts.host,
        `${String(run)}x${String(index)}`,
        codeOf(run, index),
      );
    }
  };
  await Promise.all(Array.from({ length: SIGNED_AT_ONCE }, signSome));
  return orders;
}

function codeOf(run: number, index: number): string {
  return `28${String(run).padStart(10, '0')}${String(index).padStart(10, '0')}`;
}

async function showCodes(
  client: pg.Client,
  bought: readonly Purchase[],
  run: number,
): Promise<void> {
  for (let from = 0; from < bought.length; from += CODES_PER_STATEMENT) {
    const part = bought.slice(from, from + CODES_PER_STATEMENT);
    await client.query(
      `INSERT INTO user_codes (code, wallet_id, customer_id, issued_at, expires_at)
       SELECT code, wallet, customer, now(), now() + interval '${String(CODE_TTL_MINUTES)} minutes'
       FROM unnest($1::text[], $2::text[], $3::text[]) AS c(code, wallet, customer)`,
      [
        part.map((_, index) => codeOf(run, from + index)),
        part.map(({ walletId }) => walletId),
        part.map(({ customerId }) => customerId),
      ],
    );
  }
}

async function signedOrder(
  { share, shop, minor }: Purchase,
  till: Till,
  host: string,
  id: string,
  code: string,
): Promise<Order> {
  const amount = { currency: share.currency, value: String(minor) };
  const body = Buffer.from(
    JSON.stringify({
      order: {
        referenceOrderId: `order_${id}`,
        orderDescription: `Purchase at ${shop.name}`,
        orderAmount: amount,
        merchant: {
          referenceMerchantId: shop.merchantId,
          merchantMCC: shop.mcc,
          merchantName: shop.name,
          store: { referenceStoreId: shop.storeId, storeName: shop.name },
        },
      },
      paymentRequestId: `bench_${id}`,
      paymentAmount: amount,
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
      paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
    }),
  );
  const time = wireTime(Date.now());
  const { clientId, privateKey } = till;
  const text = signedText({ method: 'POST', path: PAY_PATH, clientId, time, body });
  const signature = formatSignatureHeader(1, await signAsync('sha256', text, privateKey));
  const head =
    `POST ${PAY_PATH} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json; charset=UTF-8\r\n` +
    `content-length: ${String(body.byteLength)}\r\nclient-id: ${clientId}\r\n` +
    `request-time: ${time}\r\nsignature: ${signature}\r\n\r\n`;
  return {
    bytes: Buffer.concat([Buffer.from(head), body]),
    acquirerId: share.acquirerId,
    currency: share.currency,
    minor,
  };
}
