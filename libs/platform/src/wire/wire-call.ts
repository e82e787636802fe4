import type { KeyObject } from 'node:crypto';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import type { Outcome, PartnerResult, Rejection } from '#domain/rejection';
import type { Clock } from '../clock.js';

/** A known caller and the key its signatures verify with. */
export interface PartnerKey {
  readonly participantId: string;
  readonly role: PartnerRole | 'hub';
  readonly publicKey: KeyObject;
}

/** One verified call, as a handler gets it. */
export interface WireCall {
  readonly participantId: string;
  readonly role: PartnerKey['role'];
  readonly clientId: string;
  /** e.g. `payments/pay`, whatever prefix or alias was called. */
  readonly operation: string;
  /** The pathname as requested and signed. */
  readonly path: string;
  readonly body: unknown;
  readonly rawBody: Buffer;
  /** UTC milliseconds the caller says it sent this at. */
  readonly requestTimeMs: number;
  readonly traceId: string;
  /** UTC milliseconds by which the caller gets an answer, the handler's or U. */
  readonly deadlineMs: number;
}

/** A reply body: `result` and whatever fields the operation has, ready for JSON. */
export interface WireReply {
  readonly result: PartnerResult;
  /** Tells a reply from an `Outcome`. */
  readonly ok?: never;
  readonly [field: string]: unknown;
}

/** A refusal may be returned as the value it is; it becomes the `result` of its code. */
export type WireAnswer = WireReply | Outcome<WireReply>;

export interface WireOperationHandler {
  /** Roles that may call it; others get ACCESS_DENIED. Absent: every known caller. */
  readonly roles?: readonly PartnerKey['role'][];
  readonly handle: (call: WireCall) => Promise<WireAnswer>;
}

/** How the answering side signs. */
export interface WireSigner {
  /** Named in replies to callers that gave no usable client id of their own. */
  readonly clientId: string;
  readonly keyVersion: number;
  readonly privateKey: KeyObject;
}

/** What a simulated partner may do to its caller instead of answering well. */
export type Misbehaviour = 'badSignature' | 'dropConnection' | 'noAnswer';

/** One exchange, as told to logs, metrics and traces after the reply was made. */
export interface WireExchange {
  readonly traceId: string;
  readonly clientId: string | undefined;
  readonly participantId: string | undefined;
  readonly operation: string;
  readonly path: string;
  readonly result: PartnerResult;
  /** Why a call was refused before its handler ran, or by it. */
  readonly rejection: Rejection | undefined;
  /** What a handler threw; the caller only learns U. */
  readonly fault: unknown;
  readonly timedOut: boolean;
  readonly elapsedMs: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

export interface SignedRoutesOptions {
  readonly operations: ReadonlyMap<string, WireOperationHandler>;
  /** Synchronous, so from a cache: it runs once per call, before anything is trusted. */
  readonly findKey: (clientId: string, keyVersion: number | undefined) => Outcome<PartnerKey>;
  readonly signer: WireSigner;
  /** The real one: request times are checked by it. */
  readonly clock: Clock;
  /** How far a request time may be from ours, either way. */
  readonly skewMs: number;
  /** The handler's time; past it the caller is answered U and the handler's answer is dropped. */
  readonly timeoutMs: number;
  readonly prefixes?: readonly string[];
  readonly maxBodyBytes?: number;
  readonly onExchange?: (exchange: WireExchange) => void;
  /** For simulated partners only: called after the handler, so its effects have happened. */
  readonly misbehave?: (call: WireCall) => Misbehaviour | undefined;
}
