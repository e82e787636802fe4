import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseDecimal } from '#domain/money';
import { PROBLEMS, rejected, type Outcome } from '#domain/rejection';
import {
  CUSTOMER_BEHAVIOURS,
  FLAKY,
  REFUND_BEHAVIOURS,
  STORE_BEHAVIOURS,
  STORE_BEHAVIOUR_NAMES,
} from './behaviours.js';
import type { AcquirerPartner, Sandbox, WalletPartner } from './sandbox.js';

const text = z.string().min(1).max(2048);
const majorAmount = z.union([z.string().max(40), z.number()]).transform(String);
const scanBody = z.object({ customerId: text, codeValue: text, amount: majorAmount.optional() });
const showCodeBody = z.object({ customerId: text, region: text.optional() });
const topUpBody = z.object({ customerId: text, amount: majorAmount });
const saleBody = z.object({ storeId: text, amount: majorAmount });
const disputeBody = z.object({
  paymentId: text,
  amount: z.object({ currency: z.string().length(3), value: z.string().max(20) }).optional(),
  reason: z.string().min(1).max(256).optional(),
});
const behaveBody = z.object({ storeId: text, behaviour: z.enum(STORE_BEHAVIOUR_NAMES) });
const lineBody = z.object({ lostAnswersPercent: z.int().min(0).max(100) });
const cancelBody = z.object({ requestId: text });
const refundBody = z.object({
  requestId: text.optional(),
  paymentId: text.optional(),
  amount: majorAmount,
  refundRequestId: text.optional(),
  reason: z.string().min(1).max(256).optional(),
  repeatGapsMs: z.array(z.int().min(0).max(60_000)).max(60).optional(),
});
const chargeBody = saleBody.extend({
  paymentCode: text,
  inquiryGapsMs: z.array(z.int().min(0).max(60_000)).max(60).optional(),
});

/**
 * The human side of the sandbox: what payers do with phones and cashiers with tills. Plain local
 * HTTP behind a token from the data folder; the network never sees it.
 */
export function registerControlApi(server: FastifyInstance, sandbox: Sandbox): void {
  server.addHook('onRequest', (request, reply, done) => {
    const open = request.routeOptions.url === '/health';
    if (open || carries(request.headers.authorization, sandbox.token)) {
      done();
      return;
    }
    const detail = 'Send Authorization: Bearer with the content of sandbox.key.';
    void problem(reply, rejected('ACCESS_DENIED', detail));
  });
  server.get('/health', () => ({ status: 'ok' }));
  server.get('/partners', () => ({ partners: sandbox.listPartners() }));
  server.get('/behaviours', () => ({
    customers: {
      ...CUSTOMER_BEHAVIOURS,
      [FLAKY]: { about: 'Drawn anew for every payment, from the seed and the request id.' },
    },
    stores: STORE_BEHAVIOURS,
    refunds: REFUND_BEHAVIOURS,
  }));
  server.get<{ Params: { traceId: string } }>('/traces/:traceId', (request) => ({
    steps: sandbox.log.steps(request.params.traceId),
  }));
  server.post('/line', (request, reply) => {
    const input = lineBody.safeParse(request.body ?? {});
    if (!input.success) {
      return problem(reply, rejected('PARAM_ILLEGAL', z.prettifyError(input.error)));
    }
    sandbox.lostAnswersPercent = input.data.lostAnswersPercent;
    return reply.send(input.data);
  });
  registerWallets(server, sandbox);
  registerAcquirers(server, sandbox);
}

function registerWallets(server: FastifyInstance, sandbox: Sandbox): void {
  const act = actOn<WalletPartner>(server, '/wallets', (id) => sandbox.wallet(id));
  act('POST', '/scan', scanBody, async ({ app }, body) => ok(await app.scan(body)));
  act('POST', '/show-code', showCodeBody, async ({ app }, body) =>
    ok(await app.showCode(body.customerId, body.region)),
  );
  act('POST', '/disputes', disputeBody, async ({ disputes }, body) =>
    ok(await disputes.start(body)),
  );
  act('POST', '/top-up', topUpBody, async ({ book }, { customerId, amount }) => {
    const money = parseDecimal(amount, book.wallet.currency);
    if (typeof money === 'string') {
      return rejected('PARAM_ILLEGAL', `amount is not an amount (${money}).`, 'amount');
    }
    await book.topUp(customerId, money.minor);
    return ok({ customerId, balance: book.balanceOf(customerId).toString() });
  });
  act('GET', '/balances', z.object({ customerId: text.optional() }), ({ book }, query) => {
    const { currency, openingBalance } = book.wallet;
    const shown =
      query.customerId === undefined
        ? book.balanceList()
        : [{ customerId: query.customerId, balance: book.balanceOf(query.customerId) }];
    const balances = shown.map(({ customerId, balance }) => ({
      customerId,
      balance: balance.toString(),
    }));
    const opening = openingBalance.toString();
    return Promise.resolve(ok({ currency, openingBalance: opening, balances }));
  });
}

function registerAcquirers(server: FastifyInstance, sandbox: Sandbox): void {
  const act = actOn<AcquirerPartner>(server, '/acquirers', (id) => sandbox.acquirer(id));
  act('POST', '/charge', chargeBody, ({ till }, body) => till.charge(body));
  act('POST', '/orders', saleBody, ({ till }, body) => till.order(body));
  act('POST', '/refunds', refundBody, ({ refunds }, body) => refunds.refund(body));
  act('POST', '/cancellations', cancelBody, ({ till }, body) => till.cancelSale(body));
  act('POST', '/private-orders', saleBody, ({ till }, body) => till.privateOrder(body));
  act('POST', '/next-push', behaveBody, ({ book }, { storeId, behaviour }) => {
    if (book.place(storeId) === undefined) {
      const detail = `${book.acquirer.name} has no store ${storeId}.`;
      return Promise.resolve(rejected('MERCHANT_NOT_REGISTERED', detail, 'storeId'));
    }
    book.behaveNext(storeId, behaviour);
    return Promise.resolve(ok({ storeId, behaviour }));
  });
  act('GET', '/stores', z.object({}), ({ book, host }) => {
    const stores = book.acquirer.merchants.flatMap((merchant) =>
      merchant.stores.map((store) => ({
        storeId: store.id,
        merchantName: merchant.name,
        currency: merchant.currency,
        entryUrl: `${host.url ?? ''}/e/${store.id}`,
      })),
    );
    return Promise.resolve(ok({ stores }));
  });
  const salesQuery = z.object({ requestId: text.optional() });
  act('GET', '/sales', salesQuery, async ({ book }, { requestId }) => {
    if (requestId === undefined) return ok({ sales: book.listSales(100) });
    const sale = await book.find(requestId);
    return sale === undefined
      ? rejected('NOT_FOUND', `There is no sale ${requestId}.`, 'requestId')
      : ok({ sales: [sale] });
  });
}

type Act<T> = <S extends z.ZodType>(
  method: 'GET' | 'POST',
  path: string,
  schema: S,
  work: (partner: T, input: z.output<S>) => Promise<Outcome<object>>,
) => void;

/** Routes of one kind of partner: input read, partner started if it was not, outcome told. */
function actOn<T>(
  server: FastifyInstance,
  root: string,
  find: (id: string) => Promise<T> | undefined,
): Act<T> {
  return (method, path, schema, work) => {
    server.route<{ Params: { id: string } }>({
      method,
      url: `${root}/:id${path}`,
      handler: async (request, reply) => {
        const input = schema.safeParse(method === 'GET' ? request.query : (request.body ?? {}));
        if (!input.success) {
          return problem(reply, rejected('PARAM_ILLEGAL', z.prettifyError(input.error)));
        }
        const { id } = request.params;
        const partner = await find(id);
        if (partner === undefined) {
          return problem(reply, rejected('NOT_FOUND', `The sandbox plays no ${root}/${id}.`));
        }
        const outcome = await work(partner, input.data);
        return outcome.ok ? reply.send(outcome.value) : problem(reply, outcome);
      },
    });
  };
}

function ok<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

function problem(reply: FastifyReply, outcome: Outcome<never>): FastifyReply {
  if (outcome.ok) throw new Error('a problem was expected');
  const { code, detail, field } = outcome.rejection;
  return reply
    .code(PROBLEMS[code].status)
    .type('application/problem+json')
    .send({ ...PROBLEMS[code], code, detail, ...(field === undefined ? {} : { field }) });
}

function carries(header: string | undefined, token: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}
