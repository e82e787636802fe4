/**
 * Goal: a person reads from the receipt and the story what came of a payment, in any state, and a
 * page or a pipe gets no colour codes.
 * Method: tell payments made by hand, whose texts are known; every state of the machine has a
 * receipt, and no receipt of an open payment sounds as if it were over.
 */
import type { PaymentExplanation } from '#contracts/operator/payments';
import { FINAL_STATES, PAYMENT_STATES, type PaymentState } from '#domain/payments/state-machine';
import { paintFor, type Paint } from '../verbs/paint.js';
import { CAST } from './flows.js';
import type { Story } from './play.js';
import { receiptText } from './receipt.js';
import { table } from './table.js';
import { tellStory } from './tell.js';

const plain: Paint = (_, text) => text;
const marked: Paint = (colour, text) => `<${colour}>${text}</${colour}>`;
const STATES = Object.keys(PAYMENT_STATES) as PaymentState[];
const result = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' } as const;
const yen = { currency: 'JPY', value: '1200', text: 'JPY 1,200' };
const baht = { currency: 'THB', value: '24364', text: 'THB 243.64' };

function explained(
  state: PaymentState,
  change: Partial<PaymentExplanation> = {},
): PaymentExplanation {
  const isOver = FINAL_STATES.includes(state);
  return {
    payment: {
      id: 'pay_example',
      mode: 'nationalQr',
      state,
      wallet: 'truemoney',
      acquirer: 'acq_kamogawa',
      acquirerRequestId: 'r1',
      merchant: 'mer_menya',
      store: 'sto_menya',
      merchantName: 'Gion Menya Kawara',
      paymentAmount: yen,
      payToAmount: baht,
      settlementAmount: yen,
      decline:
        state === 'declined'
          ? { code: 'USER_BALANCE_NOT_ENOUGH', detail: 'Too little money.', by: 'wallet' }
          : null,
      cycle: null,
      createdAt: '2026-11-22T00:00:00.000Z',
      expiresAt: '2026-11-22T00:10:00.000Z',
      completedAt: isOver ? '2026-11-22T00:00:01.000Z' : null,
      traceId: 't1',
    },
    summary: 'JPY 1,200 at Gion Menya Kawara.',
    reasons: ['TrueMoney is an active wallet.'],
    timeline: [],
    nextDuty: isOver
      ? null
      : { kind: 'inquireWallet', attempt: 2, dueAt: '2026-11-22T00:00:34.000Z' },
    quotes: [],
    price: null,
    refunds: [],
    entries: [],
    ...change,
  };
}

function story(explanation: PaymentExplanation | null): Story {
  return {
    flow: 'national-qr',
    title: 'national QR, push mode',
    about: 'The tourist pays.',
    simulated: true,
    cast: CAST,
    code: { payload: '000201…', decoding: { format: 'emvco-mpm', merchantCity: 'Kyoto' } },
    steps: [
      {
        atMs: 5,
        from: 'truemoney',
        to: 'hub',
        operation: 'payments/notifyPayment',
        resultStatus: 'F',
        resultCode: 'ORDER_IS_CLOSED',
        resultMessage: 'closed',
        ms: 1.25,
      },
    ],
    phone: null,
    explanation,
    lastWord: 'ORDER_IS_CLOSED: The order is closed.',
    checks: [{ name: 'entry-balanced', ok: true }],
    paidAndClearedMs: 12,
  };
}

describe('a receipt', () => {
  it.each(STATES)('of a payment that is %s says whether it is paid', (state) => {
    const explanation = explained(state);
    const text = receiptText({ result, explanation, hubStays: true }, plain);
    expect(text.startsWith('PAID\n')).toBe(state === 'succeeded');
    expect(text).toContain('pay_example');
    const open = !FINAL_STATES.includes(state);
    expect(text.includes('do not pay again')).toBe(open);
    expect(text.includes(PAYMENT_STATES[state])).toBe(open);
    expect(/asks the wallet .*tried 2 times.*due 00:00:34 UTC/.test(text)).toBe(open);
    expect(/charged +THB 243\.64$/m.test(text)).toBe(state === 'succeeded');
  });

  it('of a refusal gives the reason, and who refused', () => {
    const text = receiptText({ result, explanation: explained('declined'), hubStays: true }, plain);
    expect(text).toContain('charged   nothing');
    expect(text).toContain('USER_BALANCE_NOT_ENOUGH: Too little money. (wallet)');
  });

  it('says who goes on when the hub was started for this payment only', () => {
    const explanation = explained('authorising');
    const text = receiptText({ result, explanation, hubStays: false }, plain);
    expect(text).toContain('the next one (npm start) sees it through');
  });

  it('without a payment repeats what the hub answered, and promises nothing after a U', () => {
    const nothing = { explanation: null, hubStays: true };
    const refused = {
      resultStatus: 'F',
      resultCode: 'INVALID_CODE',
      resultMessage: 'No.',
    } as const;
    expect(receiptText({ result: refused, ...nothing }, plain)).toBe(
      'Not paid. F INVALID_CODE: No.',
    );
    const unknown = { ...refused, resultStatus: 'U' } as const;
    expect(receiptText({ result: unknown, ...nothing }, plain)).toMatch(/^Not known whether/);
  });
});

describe('the story', () => {
  it('tells a payment that failed as plainly as one that did not', () => {
    const text = tellStory(story(explained('declined')), plain, 100);
    expect(text).toContain('Gion Menya Kawara, Kyoto');
    expect(text).toContain('F ORDER_IS_CLOSED');
    expect(text).toContain('· TrueMoney is an active wallet.');
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/\u001b/);
  });

  it('says why no payment came to be', () => {
    expect(tellStory(story(null), plain, 100)).toContain(
      'No payment came to be. ORDER_IS_CLOSED: The order is closed.',
    );
  });

  it('names the invariants that do not hold', () => {
    const broken = { ...story(explained('succeeded')), checks: [{ name: 'x-holds', ok: false }] };
    expect(tellStory(broken, marked, 100)).toContain('<red>x-holds do not hold</red>');
  });
});

describe('colour', () => {
  const stream = (isTTY: boolean): NodeJS.WriteStream => ({ isTTY }) as NodeJS.WriteStream;
  const before = { ...process.env };
  beforeEach(() => {
    process.env['TERM'] = 'xterm';
    delete process.env['NO_COLOR'];
  });
  afterAll(() => (process.env = before));

  it('is for terminals, unless somebody asked for none', () => {
    expect(paintFor(stream(true))('green', 'PAID')).toBe('\u001b[32mPAID\u001b[0m');
    expect(paintFor(stream(false))('green', 'PAID')).toBe('PAID');
    process.env['TERM'] = 'dumb';
    expect(paintFor(stream(true))('green', 'PAID')).toBe('PAID');
    process.env['TERM'] = 'xterm';
    process.env['NO_COLOR'] = '1';
    expect(paintFor(stream(true))('green', 'PAID')).toBe('PAID');
  });

  it('does not move the columns of a table', () => {
    process.env['TERM'] = 'xterm';
    const paint = paintFor(stream(true));
    const rows = (green: string): string[][] => [
      [green, '1', 'left'],
      ['wider', '1,200', 'left'],
    ];
    const bare = table(rows('S'), { right: [1] });
    expect(bare).toEqual(['S          1  left', 'wider  1,200  left']);
    const coloured = table(rows(paint('green', 'S')), { right: [1] });
    // eslint-disable-next-line no-control-regex
    expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(bare);
  });
});
