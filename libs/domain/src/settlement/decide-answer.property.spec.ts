/*
 * Goal: whatever a settlement bank answers, and in however many parts, an obligation is settled
 * exactly, each part is booked, and exposure falls by what arrived, and by the rest only at the end.
 * Method: random obligations paid by random sequences of failures and parts, played until nothing
 * is open; sums are kept beside the decisions.
 */
import fc from 'fast-check';
import { unbalancedCurrencies } from '../journal.js';
import { decideAnswer, type BankAnswer, type SettlementPayment } from './decide-answer.js';
import { openMinor, type Obligation, type ObligationRole } from './obligation.js';

const REF = { id: 'ent_1', cycleId: 'cyc_20261120_s' } as const;

function obligation(minor: bigint, role: ObligationRole): Obligation {
  return {
    id: 'obl_1',
    cycleId: 'cyc_20261120',
    participantId: 'p',
    role,
    currency: 'JPY',
    minor,
    settledMinor: 0n,
    coveredMinor: 0n,
    exposureMinor: minor > 0n ? minor + 30n : -30n,
    releasedMinor: 0n,
    state: 'due',
  };
}

function paymentFor(o: Obligation): SettlementPayment {
  return {
    id: 'spm_1',
    obligation: o,
    direction: o.minor > 0n ? 'in' : 'out',
    minor: openMinor(o),
    open: true,
  };
}

describe('answers of the settlement bank', () => {
  it('settle an obligation exactly, part by part', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -5_000n, max: 5_000n }).filter((minor) => minor !== 0n),
        fc.constantFrom<ObligationRole>('wallet', 'acquirer', 'lossShare'),
        fc.array(fc.option(fc.bigInt({ min: 1n, max: 2_000n })), { maxLength: 12 }),
        (minor, role, parts) => {
          let current = obligation(minor, role);
          let released = 0n;
          let booked = 0n;
          for (const part of [...parts, 5_000n]) {
            const open = openMinor(current);
            if (open === 0n) break;
            const answer: BankAnswer =
              part === null
                ? { kind: 'failed', reason: 'no cover' }
                : { kind: 'confirmed', minor: part < open ? part : open, bankReference: 'b' };
            const decided = decideAnswer(paymentFor(current), answer, REF);
            if (!decided.ok) throw new Error(decided.rejection.detail);
            const { value } = decided;
            expect(value.retry).toBe(openMinor(current) !== value.confirmedMinor);
            expect(value.entry === null).toBe(part === null);
            expect(unbalancedCurrencies(value.entry?.lines ?? [])).toEqual([]);
            booked += value.entry?.lines.find((l) => l.account.kind !== 'nostro')?.minor ?? 0n;
            released += value.releasedMinor;
            if (value.retry && minor > 0n)
              expect(released).toBe(current.settledMinor + value.confirmedMinor);
            if (value.retry && minor < 0n) expect(released).toBe(0n);
            current = {
              ...current,
              settledMinor: current.settledMinor + value.confirmedMinor,
              releasedMinor: current.releasedMinor + value.releasedMinor,
              state: value.obligationState,
            };
          }
          expect(current.state).toBe('settled');
          expect(booked).toBe(-minor);
          expect(released).toBe(current.exposureMinor);
        },
      ),
    );
  });

  it('are refused when they confirm more than was asked, nothing, or a second time', () => {
    const payment = paymentFor(obligation(100n, 'wallet'));
    const confirm = (minor: bigint): BankAnswer => ({
      kind: 'confirmed',
      minor,
      bankReference: 'b',
    });
    for (const [asked, answer] of [
      [payment, confirm(101n)],
      [payment, confirm(0n)],
      [{ ...payment, open: false }, confirm(100n)],
      [
        { ...payment, open: false },
        { kind: 'failed', reason: 'late' },
      ],
    ] as const) {
      expect(decideAnswer(asked, answer, REF)).toMatchObject({ ok: false });
    }
  });
});
