import { writeIsoFile } from '#contracts/iso20022/messages';
import { instructPayments } from '#contracts/iso20022/payment-messages';

/** `docs/examples/pacs.008.xml`: one payment of the story, as its wallet gets it. */
export function isoExample(): string {
  const { header, message } = instructPayments(
    {
      messageId: 'msg_01kjqf2rw0m4c7x9b3d5f8h2k6',
      createdAtMs: Date.UTC(2026, 2, 2, 16, 31),
      hub: { id: 'wayfare', name: 'Wayfare' },
      participant: { id: 'truemoney', name: 'TrueMoney' },
      role: 'wallet',
      settlementDate: '2026-03-04',
    },
    [
      {
        paymentId: 'pay_01kjpcwm2e7q3n8v5t9x2b4d6f',
        cycleId: 'cyc_20260302',
        no: 1,
        completedAtMs: Date.UTC(2026, 2, 2, 4, 31, 7, 204),
        paymentAmount: { currency: 'JPY', minor: 1_200n },
        legAmount: { currency: 'THB', minor: 24_364n },
        price: { numerator: 203_034_216_868n, denominator: 1_000_000_000_000n },
        payerPseudonym: 'tm-3f9c2a',
        merchant: {
          id: 'mer_gion_menya_kawara',
          name: 'Gion Menya Kawara',
          city: 'Kyoto',
          country: 'JP',
        },
      },
    ],
  );
  const xml = writeIsoFile(header, message);
  if (xml.ok) return xml.value;
  throw new Error(xml.faults.map(({ path, problem }) => `${path}: ${problem}`).join('\n'));
}
