import { randomInt } from 'node:crypto';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import { AcquirerBook } from './acquirer-book.js';
import { AcquirerTill } from './acquirer-till.js';
import { AcquirerWire } from './acquirer-wire.js';
import type { Cast } from './cast.js';
import { AcquirerDisputes, WalletDisputes } from './dispute-partners.js';
import { registerEntryPage } from './entry-page.js';
import { ExchangeLog } from './exchange-log.js';
import type { HubLink } from './hub-link.js';
import type { JournalFile, JournalRecord } from './journal-file.js';
import { PartnerHost } from './partner-host.js';
import { RefundTill } from './refund-till.js';
import { WalletApp } from './wallet-app.js';
import { WalletBook } from './wallet-book.js';
import { WalletWire } from './wallet-wire.js';

export interface WalletPartner {
  readonly book: WalletBook;
  readonly app: WalletApp;
  readonly disputes: WalletDisputes;
}

export interface AcquirerPartner {
  readonly book: AcquirerBook;
  readonly till: AcquirerTill;
  readonly refunds: RefundTill;
  readonly host: PartnerHost;
}

export interface SandboxParts {
  readonly cast: Cast;
  readonly hub: HubLink;
  readonly journal: () => JournalFile;
  readonly keyDir: string;
  /** First of the partners' ports, in the order of the cast; 0 takes free ones. */
  readonly firstPort: number;
  readonly seed: string;
  readonly token: string;
  readonly recordExchanges: boolean;
}

/** Where a partner is, as `sandbox.json` and the control API tell it. */
export interface PartnerListing {
  readonly id: string;
  readonly role: PartnerRole;
  readonly name: string;
  readonly clientId: string;
  /** Null until the partner has started and is enrolled. */
  readonly url: string | null;
}

/** All simulated partners of one process. */
export class Sandbox {
  readonly log: ExchangeLog;
  readonly token: string;
  /** Called when another partner has started. */
  onStarted: () => void = () => undefined;
  /**
   * How many of a hundred answers are lost. What a partner decides comes from seed and request id;
   * the weather on its line does not, so losses delay and never decide.
   */
  lostAnswersPercent = 0;
  private readonly hosts = new Map<string, PartnerHost>();
  private readonly wallets = new Map<string, WalletPartner>();
  private readonly acquirers = new Map<string, AcquirerPartner>();
  private readonly books = new Map<string, WalletBook | AcquirerBook>();

  constructor(private readonly parts: SandboxParts) {
    this.token = parts.token;
    this.log = new ExchangeLog(parts.recordExchanges);
    for (const wallet of parts.cast.wallets) this.addWallet(wallet);
    for (const acquirer of parts.cast.acquirers) this.addAcquirer(acquirer);
  }

  /** The wallet, started and enrolled; undefined when nobody here plays it. */
  wallet(id: string): Promise<WalletPartner> | undefined {
    return this.startedWith(id, () => this.wallets.get(id));
  }

  acquirer(id: string): Promise<AcquirerPartner> | undefined {
    return this.startedWith(id, () => this.acquirers.get(id));
  }

  host(id: string): PartnerHost | undefined {
    return this.hosts.get(id);
  }

  listPartners(): PartnerListing[] {
    return [...this.hosts.values()].map((host) => ({
      id: host.options.participantId,
      role: host.options.role,
      name: host.options.name,
      clientId: host.clientId,
      url: host.url ?? null,
    }));
  }

  /** Gives every partner its memory back. */
  replay(record: JournalRecord): void {
    this.books.get(record.p)?.replay(record);
  }

  async close(): Promise<void> {
    this.parts.hub.close();
    await Promise.all([...this.hosts.values()].map((host) => host.close()));
  }

  private startedWith<T>(id: string, find: () => T | undefined): Promise<T> | undefined {
    const host = this.hosts.get(id);
    if (host === undefined || (host.url !== undefined && find() === undefined)) return undefined;
    return host.ready().then(() => {
      const partner = find();
      if (partner === undefined) throw new Error(`${id} plays another role`);
      return partner;
    });
  }

  private addWallet(wallet: Cast['wallets'][number]): void {
    const book = new WalletBook(wallet, this.parts.journal);
    const wire = new WalletWire(book, this.parts.seed);
    this.books.set(wallet.id, book);
    this.addHost(wallet.id, 'mpp', wallet.name, (line) => {
      this.wallets.set(wallet.id, {
        book,
        app: new WalletApp(book, wire, line),
        disputes: new WalletDisputes(line),
      });
      return {
        handlers: () => new Map([...wire.handlers(), ...WalletDisputes.handlers()]),
        misbehaviourOf: (call) => wire.misbehaviourOf(call),
      };
    });
  }

  private addAcquirer(acquirer: Cast['acquirers'][number]): void {
    const book = new AcquirerBook(acquirer, this.parts.journal);
    const wire = new AcquirerWire(book);
    this.books.set(acquirer.id, book);
    const host = this.addHost(acquirer.id, 'acqp', acquirer.name, (line) => {
      const disputes = new AcquirerDisputes(line);
      const till = new AcquirerTill(book, line);
      this.acquirers.set(acquirer.id, { book, till, host, refunds: new RefundTill(book, line) });
      return {
        handlers: () => new Map([...wire.handlers(), ...disputes.handlers()]),
        misbehaviourOf: (call) => wire.misbehaviourOf(call),
        pages: (server) => {
          registerEntryPage(server, book, till, this.parts.cast.wallets);
        },
      };
    });
  }

  private addHost(
    participantId: string,
    role: PartnerRole,
    name: string,
    play: ConstructorParameters<typeof PartnerHost>[1],
  ): PartnerHost {
    const { firstPort, keyDir, hub } = this.parts;
    const port = firstPort === 0 ? 0 : firstPort + this.hosts.size;
    const host = new PartnerHost(
      {
        ...{ participantId, role, name, keyDir, port, hub, log: this.log },
        losesAnswer: () => randomInt(100) < this.lostAnswersPercent,
      },
      play,
      () => {
        this.onStarted();
      },
    );
    this.hosts.set(participantId, host);
    return host;
  }
}
