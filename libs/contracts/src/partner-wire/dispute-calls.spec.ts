/**
 * Goal: evidence is described within limits, and a file itself never gets in. Method: one whole
 * description read back, then spoiled a field at a time.
 */
import { initiateRetrievalRequest, readWire } from './index.js';

const FILE = {
  attachmentType: 'RECEIPT',
  attachmentName: 'receipt.pdf',
  mediaType: 'application/pdf',
  sizeBytes: 10 * 1024 * 1024,
  sha256: 'ab'.repeat(32),
};

function read(attachments: object[]) {
  const evidence = { attachments, orderStatus: 'DELIVERED' };
  return readWire(initiateRetrievalRequest, {
    disputeRequestId: 'w-1',
    paymentRequestId: 'pay_1',
    evidence,
  });
}

it('reads a whole description, and drops a file that is sent along', () => {
  const outcome = read([{ ...FILE, content: 'A'.repeat(1_000) }]);
  expect(outcome).toMatchObject({ ok: true, value: { evidence: { attachments: [FILE] } } });
  expect(JSON.stringify(outcome)).not.toContain('AAAA');
});

it.each([
  ['sizeBytes', { sizeBytes: FILE.sizeBytes + 1 }],
  ['mediaType', { mediaType: 'application/x-msdownload' }],
  ['sha256', { sha256: 'short' }],
  ['attachmentType', { attachmentType: 'SONG' }],
])('refuses another %s', (field, change) => {
  expect(read([{ ...FILE, ...change }])).toMatchObject({
    ok: false,
    rejection: { code: 'PARAM_ILLEGAL', field: `evidence.attachments[0].${field}` },
  });
});

it('takes ten attachments and no more', () => {
  expect(read(Array.from({ length: 10 }, () => FILE)).ok).toBe(true);
  expect(read(Array.from({ length: 11 }, () => FILE)).ok).toBe(false);
});
