import type { Cast } from './cast.js';

/** Two partners and three stores: the least cast that shows every flow. For tests. */
export const testCast: Cast = {
  wallets: [
    {
      id: 'truemoney',
      name: 'TrueMoney',
      homeMarket: 'TH',
      currency: 'THB',
      openingBalance: 1_000_000n,
    },
  ],
  acquirers: [
    {
      id: 'acq_kamogawa',
      name: 'Kamogawa Payments',
      market: 'JP',
      currency: 'JPY',
      settlementCurrency: 'JPY',
      orderCodePrefix: '281701040001',
      merchants: [
        {
          id: 'mer_menya',
          name: 'Gion Menya <Kawara>',
          mcc: '5812',
          city: 'Kyoto',
          currency: 'JPY',
          stores: ['sto_menya', 'sto_menya_pushfail', 'sto_menya_pushlate'].map((id, index) => ({
            id,
            name: id,
            terminalId: `T${String(index)}`,
            codes: [
              {
                scheme: 'jpqr',
                identifiers: {
                  '01': '9870100000001',
                  '02': '0701',
                  '03': '000001',
                  '04': `00000${String(index + 1)}`,
                },
              },
            ],
          })),
        },
      ],
    },
  ],
};
