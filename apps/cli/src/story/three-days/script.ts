import { formatMoney, parseDecimal, type Money } from '#domain/money';
import type { StoreCodeView } from '#contracts/operator/network';
import type { PaymentView } from '#contracts/operator/payments';
import { ExplainedError } from '#platform/explained-error';
import type { Rehearsal } from './rehearsal.js';

/** The cast of the three days, out of the shipped network: all simulated. */
export const PLAYERS = {
  acquirer: 'acq_kamogawa',
  noodles: 'sto_gion_menya_kawara_1',
  dutyFree: 'sto_gion_shiosai_duty_free_1',
  payer: 'truemoney',
  defaulter: 'gcash',
} as const;

/** Clearing days, and the days on which they are settled. 7 December 2026 is a Thai holiday. */
export const DATES = {
  first: '2026-12-02',
  second: '2026-12-03',
  third: '2026-12-04',
  holiday: '2026-12-07',
  afterHoliday: '2026-12-08',
  last: '2026-12-09',
} as const;

/** What happened, when the clock said so, in a sentence. */
export interface Happening {
  readonly day: string;
  readonly time: string;
  readonly what: string;
}

interface Purchase {
  readonly wallet: string;
  readonly customer: string;
  readonly store: string;
  readonly amount: string;
}

/** Plays the days on a rehearsal and notes what happens. */
export class ThreeDays {
  readonly happenings: Happening[] = [];
  private now = { day: '', time: '' };
  /** The payment that is refunded, and the one that its acquirer took too late. */
  private dear = '';
  private late = '';

  constructor(private readonly rehearsal: Rehearsal) {}

  /** 2 December: four payments, one of them taken back; a fifth is told to the acquirer too late. */
  async first(): Promise<void> {
    await this.at(DATES.first, '10:00');
    await this.lowerPrefund();
    const { noodles, dutyFree, payer, defaulter } = PLAYERS;
    await this.buy({ wallet: payer, customer: 'cus_somchai', store: noodles, amount: '1200' });
    this.dear = await this.buy({
      wallet: payer,
      customer: 'cus_malee',
      store: dutyFree,
      amount: '24000',
    });
    await this.buy({ wallet: defaulter, customer: 'cus_jun', store: dutyFree, amount: '68000' });
    const withdrawn = await this.charge({
      wallet: payer,
      customer: 'cus_dao',
      store: noodles,
      amount: '3300',
    });
    await this.rehearsal.sandbox.cancel(PLAYERS.acquirer, withdrawn.requestId);
    this.note(
      `The shop takes ${withdrawn.paymentId} back: its entry and the contra entry are in the same cycle, and no file will show either.`,
    );
    await this.at(DATES.first, '23:59');
    await this.rehearsal.sandbox.behaveNext(PLAYERS.acquirer, noodles, 'pushlate');
    this.late = await this.buy(
      { wallet: payer, customer: 'cus_niran', store: noodles, amount: '5000' },
      true,
    );
  }

  /** 3 December: the late payment ends in this day's cycle; part of the first day's goes back. */
  async second(): Promise<void> {
    await this.at(DATES.second, '00:05');
    const late = await this.succeeded(this.late);
    this.note(
      `An inquiry finds that the acquirer has taken ${late.id}. It completes after midnight, so it belongs to this day's cycle, ${late.cycle ?? '?'}.`,
    );
    await this.at(DATES.second, '11:00');
    await this.refund(this.dear, '4000', 'One box was damaged');
    await this.refund(this.dear, '2500', 'A second one too');
    const { noodles, defaulter } = PLAYERS;
    await this.buy({ wallet: defaulter, customer: 'cus_jun', store: noodles, amount: '9000' });
  }

  /** 4 December: more is bought, and the first day is settled, by all but one. */
  async third(): Promise<void> {
    const { operator } = this.rehearsal;
    await operator.put(`/api/settlement-bank/${PLAYERS.defaulter}`, { behaviour: 'fail' });
    await this.at(DATES.third, '10:00');
    const { dutyFree, payer } = PLAYERS;
    await this.buy({ wallet: payer, customer: 'cus_somchai', store: dutyFree, amount: '18000' });
    await this.settled(DATES.third);
  }

  /** 7 December: a holiday in Thailand. One participant still does not pay, and is given up. */
  async holiday(): Promise<void> {
    await this.at(DATES.holiday, '10:00');
    this.note(
      "Holiday in Thailand: what is settled in baht waits for tomorrow; the other currencies' banks are open.",
    );
    await this.settled(DATES.holiday);
    const { operator } = this.rehearsal;
    const scopes = ['read', 'settlement:write', 'approvals:write'];
    const ana = await operator.hire('ana', scopes);
    const ben = await operator.hire('ben', scopes);
    const reason = 'Its bank refused twice';
    const { id } = await ana.post<{ id: string }>('/api/approvals', {
      action: 'settlement.default',
      payload: { participantId: PLAYERS.defaulter, reason },
      reason,
    });
    this.note(`Operator ana proposes to declare ${PLAYERS.defaulter} in default (${id}).`);
    await ben.post(`/api/approvals/${id}/approve`);
    this.note('Operator ben approves; the loss goes down the waterfall at once.');
  }

  /** 8 and 9 December: the rest is settled. */
  async rest(): Promise<void> {
    for (const day of [DATES.afterHoliday, DATES.last]) {
      await this.at(day, '10:00');
      await this.settled(day);
    }
  }

  private async at(day: string, time: string): Promise<void> {
    this.now = { day, time };
    await this.rehearsal.moveTo(`${day}T${time}:00+08:00`);
    await this.cyclesFinalBefore(day, time);
  }

  /** Cut-offs act by themselves; the play goes on when those before the instant have. */
  private async cyclesFinalBefore(day: string, time: string): Promise<void> {
    if (time < '00:31') return;
    await this.rehearsal.until(`the cycles before ${day} to be final and netted`, async () => {
      const { items } = await this.rehearsal.operator.get<{
        items: { id: string; state: string; kind: string }[];
      }>('/api/cycles?limit=50');
      const name = `cyc_${day.replaceAll('-', '')}`;
      const due = items.filter(({ id, kind }) => kind === 'daily' && id < name);
      if (due.some(({ state }) => state !== 'final')) return undefined;
      for (const { id } of due) {
        const netted = await this.rehearsal.operator
          .get(`/api/cycles/${id}/proof`)
          .then(() => true)
          .catch(() => false);
        if (!netted) return undefined;
      }
      return due.length;
    });
  }

  /** Waits until the bank has answered everything that is due by now, and tells what it said. */
  private async settled(day: string): Promise<void> {
    const { operator, until } = this.rehearsal;
    interface Payment {
      readonly id: string;
      readonly participant: string;
      readonly direction: 'in' | 'out';
      readonly amount: { readonly text: string };
      readonly state: string;
      readonly dueOn: string;
      readonly reason: string | null;
    }
    const payments = await until(`the payments due on ${day}`, async () => {
      const { items: owed } = await operator.get<{
        items: { state: string; dueOn: string | null }[];
      }>('/api/obligations?limit=200');
      const open = owed.filter(
        ({ state, dueOn }) =>
          ['due', 'partly', 'failed'].includes(state) && dueOn !== null && dueOn <= day,
      );
      const { items } = await operator.get<{ items: Payment[] }>('/api/settlements?limit=200');
      const waiting = items.some(({ state }) => state === 'instructed');
      return open.length > 0 || waiting ? undefined : items.filter(({ dueOn }) => dueOn === day);
    });
    for (const { participant, direction, amount, state, reason } of payments) {
      const way = direction === 'in' ? `${participant} → hub` : `hub → ${participant}`;
      const end = state === 'confirmed' ? 'settled' : `${state}: ${reason ?? ''}`;
      this.note(`${way} ${amount.text} ${end}`);
    }
    if (payments.length === 0) this.note('Nothing falls due.');
  }

  private async lowerPrefund(): Promise<void> {
    const { operator } = this.rehearsal;
    const person = await operator.hire('cho', ['read', 'caps:write', 'approvals:write']);
    const { id } = await person.post<{ id: string }>(
      `/api/participants/${PLAYERS.defaulter}/caps`,
      { prefund: '500000', reason: 'Agreed with the participant' },
    );
    await operator.post(`/api/approvals/${id}/approve`);
    this.note(
      `${PLAYERS.defaulter}'s prefund is lowered to ${text('5000', 'PHP')}: proposed by cho, approved by the holder of the data folder.`,
    );
  }

  /** @param late the acquirer does not say yet whether it took the payment */
  private async buy({ wallet, customer, store, amount }: Purchase, late = false): Promise<string> {
    const { sandbox, operator } = this.rehearsal;
    const { payload } = await operator.get<StoreCodeView>(`/api/stores/${store}/code`);
    const scan = await sandbox.scan(wallet, { customerId: customer, codeValue: payload, amount });
    const id = scan.paymentRequestId;
    if (id === undefined) throw new ExplainedError(`${customer}: ${scan.result.resultMessage}`);
    const ended = late ? undefined : await this.succeeded(id);
    const said =
      ended === undefined
        ? 'and the acquirer does not answer before midnight'
        : `and is debited ${ended.payToAmount?.text ?? '?'}`;
    this.note(`${customer} of ${wallet} pays ${text(amount, 'JPY')} at ${store}, ${said}.`);
    return id;
  }

  /** The clock must not be moved on under a payment that the acquirer is being told of. */
  private succeeded(id: string): Promise<PaymentView> {
    return this.rehearsal.until(`payment ${id}`, async () => {
      const payment = await this.rehearsal.operator.get<PaymentView>(`/api/payments/${id}`);
      return payment.state === 'succeeded' ? payment : undefined;
    });
  }

  private async charge({
    wallet,
    customer,
    store,
    amount,
  }: Purchase): Promise<{ requestId: string; paymentId: string }> {
    const { sandbox } = this.rehearsal;
    const shown = await sandbox.showCode(wallet, customer);
    const paymentCode = shown.paymentCodes[0]?.codeValue ?? '';
    const { sale } = await sandbox.charge(PLAYERS.acquirer, {
      storeId: store,
      paymentCode,
      amount,
    });
    this.note(`${customer} of ${wallet} shows a code and pays ${text(amount, 'JPY')} at ${store}.`);
    return { requestId: sale.requestId, paymentId: sale.paymentId ?? '?' };
  }

  private async refund(paymentId: string, amount: string, reason: string): Promise<void> {
    const { result } = await this.rehearsal.sandbox.refund(PLAYERS.acquirer, {
      paymentId,
      amount,
      reason,
    });
    const end = result.resultStatus === 'S' ? "at the payment's own rate" : result.resultMessage;
    this.note(`The shop refunds ${text(amount, 'JPY')} of ${paymentId}, ${end}: ${reason}.`);
  }

  private note(what: string): void {
    this.happenings.push({ ...this.now, what });
  }
}

function text(amount: string, currency: string): string {
  const parsed = parseDecimal(amount, currency);
  return typeof parsed === 'string' ? `${currency} ${amount}` : formatMoney(parsed satisfies Money);
}
