// An acquirer of your own: it takes the place of a simulated one, asks the hub for an order code,
// and hears how a simulated Filipino tourist paid it. Needs a running hub (`npm start`).
import { atCounter, call, enrol, serve } from './wire.mjs';

const acquirer = { id: 'acq_kamogawa', clientId: 'my-kamogawa' };
const SUCCESS = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
const orderAmount = { currency: 'JPY', value: '880' };

let told;
const paid = new Promise((resolve) => (told = resolve));
const server = await serve({
  'payments/notifyPayment': (notification) => {
    told(notification);
    return { result: SUCCESS };
  },
});
await enrol(acquirer.id, 'acqp', acquirer.clientId, server.url);

const paymentRequestId = `my-order-${Date.now()}`;
const { result, orderCodeForm } = await call(acquirer.clientId, 'payments/pay', {
  paymentRequestId,
  paymentAmount: orderAmount,
  paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
  paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'OrderCode' },
  order: {
    referenceOrderId: paymentRequestId,
    orderDescription: 'A bowl of udon',
    orderAmount,
    merchant: {
      referenceMerchantId: 'mer_gion_menya_kawara',
      merchantMCC: '5812',
      merchantName: 'Gion Menya Kawara',
    },
  },
});
const [{ codeValue }] = orderCodeForm.codeDetails;
console.log(`${result.resultCode}: the till shows ${codeValue}`);

const customerId = 'cus_ana';
const { outcome, payToAmount } = await atCounter('/wallets/gcash/scan', { customerId, codeValue });
console.log(`the payer's phone says ${outcome}: ${payToAmount} in minor units`);
const { paymentResult, settlementAmount } = await paid;
console.log(`the hub says ${paymentResult.resultCode} and owes ${settlementAmount.value}`);
server.close();
