import { z } from 'zod';

/** How a participant is enrolled on the partner wire, as the operator API reads and shows it. */
export const connectionRequest = z
  .object({
    role: z.enum(['mpp', 'acqp']).describe('mpp: a wallet; acqp: an acquirer'),
    clientId: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/, 'give 1 to 128 printable ASCII characters without spaces')
      .describe('What the partner sends in the Client-Id header'),
    baseUrl: z
      .string()
      .max(2048)
      .refine(isPartnerUrl, 'give an http or https address without query, fragment or password')
      .describe('Where the hub calls the partner; the path of the wire is appended'),
    publicKeyPem: z
      .string()
      .min(1)
      .max(8192)
      .describe("The partner's RSA public key of at least 2048 bits, X.509 PEM"),
    keyVersion: z.int().min(0).max(999_999).default(1).describe('Version its signatures name'),
  })
  .meta({ title: 'ConnectionRequest' });

export const connection = z
  .object({
    participantId: z.string(),
    ...connectionRequest.shape,
    keyVersion: z.int(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ title: 'Connection' });

export const hubKey = z
  .object({
    clientId: z.string().describe('What the hub sends in the Client-Id header'),
    keyVersion: z.int(),
    publicKeyPem: z.string().describe('X.509 PEM; verifies every signature of the hub'),
  })
  .meta({ title: 'HubKey' });

export type ConnectionRequest = z.output<typeof connectionRequest>;
export type ConnectionView = z.output<typeof connection>;
export type HubKeyView = z.output<typeof hubKey>;

function isPartnerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}
