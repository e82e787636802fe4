import fastify, { type FastifyInstance } from 'fastify';
import {
  INBOUND_OPERATIONS,
  WIRE_PREFIXES,
  type PartnerRole,
} from '#contracts/partner-wire/operations';
import { wireTime } from '#contracts/partner-wire/wire-time';
import { accepted, type PartnerResult } from '#domain/rejection';
import { systemClock } from '#platform/clock';
import { createKeyPair, signMessage, verifyMessage, type KeyPair } from '#platform/signing/index';
import {
  registerSignedRoutes,
  type Misbehaviour,
  type WireAnswer,
  type WireCall,
} from '#platform/wire/index';
import type { KeyObject } from 'node:crypto';

export const DONE: PartnerResult = {
  resultStatus: 'S',
  resultCode: 'SUCCESS',
  resultMessage: 'success',
};
export const IN_PROCESS: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'wait',
};

export function failed(resultCode: string, resultMessage = 'refused'): PartnerResult {
  return { resultStatus: 'F', resultCode, resultMessage };
}

/** A reply of the hub, verified. */
export interface HubReply {
  readonly result: PartnerResult;
  readonly [field: string]: unknown;
}

/** What may be wrong with a request on purpose. */
export interface Sending {
  /** Another hub process than the one that was met. */
  readonly hubUrl?: string;
  readonly path?: string;
  /** The bytes really sent; signed instead of the object's when `signedBytes` is absent. */
  readonly bytes?: Buffer;
  readonly signedBytes?: Buffer;
  readonly signedPath?: string;
  readonly key?: KeyObject;
  readonly clientId?: string;
  readonly time?: string;
}

type Handler = (call: WireCall) => WireAnswer | Promise<WireAnswer>;

/** Calls the hub makes at partners of either role. */
const OUTBOUND = [
  'payments/pay',
  'payments/inquiryPayment',
  'payments/cancelPayment',
  'payments/refund',
  'payments/userInitiatedPay',
  'payments/pushPayment',
  'payments/inquiryPushPayment',
  'payments/notifyPayment',
];

/**
 * A partner with keys and a server of its own, whose every answer a test may replace. It shares
 * nothing with the hub but the wire.
 */
export class Partner {
  readonly calls: { operation: string; body: Record<string, unknown> }[] = [];
  /** Spoils the reply to a call after its handler has run. */
  misbehave: (call: WireCall) => Misbehaviour | undefined = () => undefined;
  private readonly answers = new Map<string, Handler>();
  private hubKey: KeyObject | undefined;
  private hubUrl = '';
  private address = '';

  private constructor(
    readonly id: string,
    readonly role: PartnerRole,
    readonly keys: KeyPair,
    private readonly server: FastifyInstance,
  ) {}

  static async open(id: string, role: PartnerRole): Promise<Partner> {
    const partner = new Partner(
      id,
      role,
      await createKeyPair(),
      fastify({ logger: false, forceCloseConnections: true }),
    );
    await partner.listen();
    return partner;
  }

  get clientId(): string {
    return `${this.role.toUpperCase()}_${this.id}`;
  }

  /** Where the hub finds it. */
  get baseUrl(): string {
    return this.address;
  }

  meet(hubUrl: string, hubKey: KeyObject): void {
    this.hubUrl = hubUrl;
    this.hubKey = hubKey;
  }

  /** Sets how an operation is answered from now on. */
  on(operation: string, answer: Handler): this {
    this.answers.set(operation, answer);
    return this;
  }

  callsTo(operation: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.operation === operation).map(({ body }) => body);
  }

  /** Calls the hub and believes only a signed answer. */
  async send(operation: string, body: object, change: Sending = {}): Promise<HubReply> {
    const path = change.path ?? `${WIRE_PREFIXES[0]}/${operation}`;
    const bytes = change.bytes ?? Buffer.from(JSON.stringify(body));
    const time = change.time ?? wireTime(Date.now());
    const clientId = change.clientId ?? this.clientId;
    const signature = await signMessage(
      {
        method: 'POST',
        path: change.signedPath ?? path,
        clientId,
        time,
        body: change.signedBytes ?? bytes,
      },
      change.key ?? this.keys.privateKey,
      1,
    );
    const response = await fetch(`${change.hubUrl ?? this.hubUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': clientId,
        'request-time': time,
        signature,
      },
      body: new Uint8Array(bytes),
    });
    return this.verified(response, path, clientId);
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  private async verified(response: Response, path: string, clientId: string): Promise<HubReply> {
    const raw = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200) throw new Error(`HTTP ${String(response.status)}`);
    const message = {
      method: 'POST',
      path,
      clientId,
      time: response.headers.get('response-time') ?? '',
      body: raw,
    };
    if (this.hubKey === undefined) throw new Error(`${this.id} has not met the hub`);
    const seal = verifyMessage(message, response.headers.get('signature') ?? '', this.hubKey);
    if (seal !== 'valid') throw new Error(`the hub's answer is ${seal}`);
    return JSON.parse(raw.toString('utf8')) as HubReply;
  }

  private async listen(): Promise<void> {
    await registerSignedRoutes(this.server, {
      operations: new Map(
        [...new Set([...OUTBOUND, ...Object.keys(INBOUND_OPERATIONS)])].map((operation) => [
          operation,
          { roles: ['hub' as const], handle: (call: WireCall) => this.answer(call) },
        ]),
      ),
      findKey: () => {
        if (this.hubKey === undefined) throw new Error(`${this.id} has not met the hub`);
        return accepted({ participantId: 'hub', role: 'hub', publicKey: this.hubKey });
      },
      signer: { clientId: this.clientId, keyVersion: 1, privateKey: this.keys.privateKey },
      clock: systemClock,
      skewMs: 300_000,
      timeoutMs: 60_000,
      misbehave: (call) => this.misbehave(call),
    });
    this.address = await this.server.listen({ port: 0, host: '127.0.0.1' });
  }

  private async answer(call: WireCall): Promise<WireAnswer> {
    const { operation } = call;
    this.calls.push({ operation, body: call.body as Record<string, unknown> });
    const handler = this.answers.get(operation);
    if (handler === undefined) throw new Error(`${this.id} does not answer ${operation}`);
    return handler(call);
  }
}
