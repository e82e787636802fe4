import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { systemClock } from '#platform/clock';
import { PartnerHttp } from '#platform/partner-http/index';
import { loadOrCreateKeyPair, type KeyPair } from '#platform/signing/index';
import {
  registerSignedRoutes,
  type Misbehaviour,
  type PartnerKey,
  type WireCall,
  type WireOperationHandler,
} from '#platform/wire/index';
import type { ExchangeLog } from './exchange-log.js';
import type { HubLink } from './hub-link.js';
import { PartnerLine } from './partner-line.js';

/** What makes one partner differ from another. */
export interface PartnerPlay {
  readonly handlers: () => Map<string, WireOperationHandler>;
  readonly misbehaviourOf: (call: WireCall) => Misbehaviour | undefined;
  /** Pages of its own beside the wire. */
  readonly pages?: (server: FastifyInstance) => void;
}

export interface PartnerHostOptions {
  readonly participantId: string;
  readonly role: PartnerRole;
  readonly name: string;
  /** Folder for private keys. */
  readonly keyDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly hub: HubLink;
  readonly log: ExchangeLog;
  /** Whether the next answer is lost on its way, whatever it says. */
  readonly losesAnswer: () => boolean;
}

/** Partners wait as long as their script says; the hub is the one that gives up. */
const PARTNER_TIMEOUT_MS = 60_000;
const SKEW_MS = 300_000;

/**
 * One simulated partner as a network sees it: a key of its own, an HTTP server of its own, an
 * enrolment with the hub. Started once, when first needed or when its turn comes.
 */
export class PartnerHost {
  private starting: Promise<string> | undefined;
  private server: FastifyInstance | undefined;
  private http: PartnerHttp | undefined;
  private where: string | undefined;
  private closed = false;

  constructor(
    readonly options: PartnerHostOptions,
    private readonly play: (line: PartnerLine) => PartnerPlay,
    private readonly onStarted: () => void,
  ) {}

  /** Where the partner listens; undefined until it is ready. */
  get url(): string | undefined {
    return this.where;
  }

  get clientId(): string {
    const { role, participantId } = this.options;
    const name = participantId.replace(/^acq_/, '');
    return `${role}_${name}`.toUpperCase();
  }

  /** Starts the partner if it has not been; resolves with its URL once the hub knows it. */
  ready(): Promise<string> {
    if (this.starting === undefined && this.closed) {
      return Promise.reject(new Error('the sandbox is stopping'));
    }
    this.starting ??= this.start();
    return this.starting;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.starting?.catch(() => undefined);
    await this.http?.close();
    await this.server?.close();
  }

  private async start(): Promise<string> {
    const { participantId, role, keyDir, hub } = this.options;
    const [pair] = await Promise.all([
      loadOrCreateKeyPair(join(keyDir, `${participantId}.pem`)),
      hub.meet(),
    ]);
    const url = await this.listen(pair);
    const { clientId } = this;
    const { publicKeyPem } = pair;
    await hub.enrol({ participantId, role, clientId, baseUrl: url, publicKeyPem, keyVersion: 1 });
    this.where = url;
    this.onStarted();
    return url;
  }

  private async listen(pair: KeyPair): Promise<string> {
    const { participantId, port, hub, log } = this.options;
    const signer = { clientId: this.clientId, keyVersion: 1, privateKey: pair.privateKey };
    this.http = new PartnerHttp({ signer, clock: systemClock });
    const play = this.play(new PartnerLine(participantId, this.http, hub, log));
    this.server = fastify({ logger: false, forceCloseConnections: true });
    await registerSignedRoutes(this.server, {
      operations: play.handlers(),
      findKey: (clientId) => this.hubKey(clientId),
      signer,
      clock: systemClock,
      skewMs: SKEW_MS,
      timeoutMs: PARTNER_TIMEOUT_MS,
      onExchange: (exchange) => {
        log.answered(participantId, exchange);
      },
      misbehave: (call) =>
        this.options.losesAnswer() ? 'dropConnection' : play.misbehaviourOf(call),
    });
    play.pages?.(this.server);
    return this.server.listen({ port, host: '127.0.0.1' });
  }

  /** A partner knows one caller: the hub. */
  private hubKey(clientId: string): Outcome<PartnerKey> {
    const { endpoint } = this.options.hub;
    return clientId === endpoint.clientId
      ? accepted({ participantId: 'hub', role: 'hub', publicKey: endpoint.publicKey })
      : rejected('INVALID_CLIENT', `${clientId} is not the hub this partner is enrolled with.`);
  }
}
