import type { PartnerResult } from '#domain/rejection';
import type { HubApi } from '../system/hub-api.js';
import type { ScanOutcome, SandboxControl } from '../system/sandbox-control.js';

/** Who pays where, and how much in major units. */
export interface Meeting {
  readonly walletId: string;
  readonly customerId: string;
  readonly acquirerId: string;
  readonly storeId: string;
  readonly amount: string;
}

/** The cast of the demonstration, out of the shipped network: all simulated. */
export const CAST = {
  walletId: 'truemoney',
  walletName: 'TrueMoney',
  customerId: 'cus_somchai',
  acquirerId: 'acq_kamogawa',
  storeId: 'sto_gion_menya_kawara_1',
  amount: '1200',
} as const satisfies Meeting & Record<string, string>;

/** What a flow leaves behind for the story to tell. */
export interface Played {
  /** The code as somebody's camera read it. */
  readonly codeValue: string;
  readonly paymentId: string | undefined;
  /** The traces of what the partners did, in order. */
  readonly traceIds: readonly string[];
  readonly scan: ScanOutcome | undefined;
  /** What the last partner said. */
  readonly result: PartnerResult;
}

export interface Flow {
  readonly name: string;
  readonly title: string;
  /** What happens, in one sentence. */
  readonly about: string;
  readonly play: (sandbox: SandboxControl, hub: HubApi, meeting: Meeting) => Promise<Played>;
}

/** The four ways a payer meets a merchant, each played by simulated partners over the wire. */
export const FLOWS: readonly Flow[] = [
  {
    name: 'national-qr',
    title: 'national QR, push mode',
    about:
      'The tourist scans the shop’s printed JPQR code and types the amount; the wallet debits, the hub pushes the payment to the acquirer.',
    play: async (sandbox, hub, { walletId, customerId, storeId, amount }) => {
      const { payload } = await hub.storeCode(storeId);
      return scanned(
        payload,
        await sandbox.scan(walletId, { customerId, codeValue: payload, amount }),
      );
    },
  },
  {
    name: 'user-presented',
    title: 'user-presented code',
    about:
      'The tourist shows a one-time code; the shop’s till charges it through its acquirer; the hub charges the wallet.',
    play: async (sandbox, _hub, { walletId, customerId, acquirerId, storeId, amount }) => {
      const shown = await sandbox.showCode(walletId, customerId);
      const codeValue = shown.paymentCodes[0]?.codeValue ?? '';
      const { result, traceId } = shown;
      if (codeValue === '') {
        return { codeValue, paymentId: undefined, traceIds: [traceId], scan: undefined, result };
      }
      const sold = await sandbox.charge(acquirerId, { storeId, paymentCode: codeValue, amount });
      const paymentId = sold.sale.paymentId ?? '';
      return {
        codeValue,
        paymentId: paymentId === '' ? undefined : paymentId,
        traceIds: [traceId, sold.traceId],
        scan: undefined,
        result: sold.result,
      };
    },
  },
  {
    name: 'order-code',
    title: 'merchant order code',
    about:
      'The till asks the hub for an order code and shows it; the tourist scans and confirms; the wallet notifies the hub, the hub the acquirer.',
    play: async (sandbox, _hub, { walletId, customerId, acquirerId, storeId, amount }) => {
      const order = await sandbox.order(acquirerId, { storeId, amount });
      const { codeValue = '', result, traceId } = order;
      if (codeValue === '') {
        return { codeValue, paymentId: undefined, traceIds: [traceId], scan: undefined, result };
      }
      const outcome = await sandbox.scan(walletId, { customerId, codeValue });
      const played = scanned(codeValue, outcome);
      return { ...played, traceIds: [traceId, ...played.traceIds] };
    },
  },
  {
    name: 'entry-code',
    title: 'static merchant code with amount entry',
    about:
      'The tourist opens the shop’s static code in the wallet, types the amount on the acquirer’s page, and confirms the order it leads to.',
    play: async (sandbox, _hub, { walletId, customerId, acquirerId, storeId, amount }) => {
      const codeValue = await sandbox.entryCode(acquirerId, storeId);
      return scanned(codeValue, await sandbox.scan(walletId, { customerId, codeValue, amount }));
    },
  },
];

/** What a payer's camera and phone did, as a flow tells it. */
export function scanned(codeValue: string, outcome: ScanOutcome): Played {
  return {
    codeValue,
    paymentId: outcome.paymentRequestId,
    traceIds: [outcome.traceId],
    scan: outcome,
    result: outcome.result,
  };
}
