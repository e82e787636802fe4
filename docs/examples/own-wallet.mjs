// A wallet of your own: it takes the place of a simulated one, shows a code, and is charged for it
// by a simulated shop in Japan. Needs a running hub (`npm start`).
import { atCounter, call, enrol, serve } from './wire.mjs';

const wallet = { id: 'kakaopay', clientId: 'my-kakaopay' };
const SUCCESS = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
const debits = new Map();

/** Same id, same answer: a debit is made once, however often the hub has to ask. */
function debited({ paymentRequestId, paymentAmount, payToAmount }) {
  const debit = { result: SUCCESS, paymentId: `mine-${debits.size}`, paymentAmount, payToAmount };
  if (!debits.has(paymentRequestId)) debits.set(paymentRequestId, debit);
  return debits.get(paymentRequestId);
}

const server = await serve({
  'payments/pay': (request) => debited(request),
  'payments/inquiryPayment': ({ paymentRequestId }) => {
    const debit = debits.get(paymentRequestId);
    if (debit !== undefined) return { ...debit, paymentResult: debit.result };
    return { result: { ...SUCCESS, resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST' } };
  },
  'payments/cancelPayment': () => ({ result: SUCCESS }),
});
await enrol(wallet.id, 'mpp', wallet.clientId, server.url);

const { paymentCodes } = await call(wallet.clientId, 'codes/getPaymentCode', {
  customerId: 'my-customer',
});
const [{ codeValue }] = paymentCodes;
console.log(`the payer shows ${codeValue}`);

const { sale } = await atCounter('/acquirers/acq_kamogawa/charge', {
  storeId: 'sto_gion_menya_kawara_1',
  amount: '1200',
  paymentCode: codeValue,
});
const [{ paymentAmount, payToAmount }] = debits.values();
console.log(`the shop's payment ${sale.paymentId} is ${sale.state}`);
console.log(`${paymentAmount.currency} ${paymentAmount.value} cost the payer`);
console.log(`${payToAmount.currency} ${payToAmount.value}, in minor units`);
server.close();
