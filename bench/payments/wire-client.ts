import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/**
 * One kept connection that sends prepared bytes and reads one answer at a time. A general HTTP
 * client costs as much of the processor as a fifth of the hub does, and on the same machine that
 * would be measured as the hub's.
 */
export class WireLane {
  private socket: Socket | undefined;
  private received: Buffer = Buffer.alloc(0);
  private waiting:
    { resolve: (answer: RawAnswer) => void; reject: (fault: Error) => void } | undefined;

  constructor(
    private readonly port: number,
    private readonly host: string,
  ) {}

  async open(): Promise<void> {
    const socket = connect({ port: this.port, host: this.host, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.on('data', (chunk: Buffer) => {
      this.take(chunk);
    });
    socket.on('error', (fault) => {
      this.fail(fault);
    });
    socket.on('close', () => {
      this.fail(new Error('the hub closed the connection'));
    });
    this.socket = socket;
    this.received = Buffer.alloc(0);
  }

  send(bytes: Buffer): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.socket === undefined) {
        reject(new Error('the connection is not open'));
        return;
      }
      this.waiting = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private take(chunk: Buffer): void {
    this.received = this.received.byteLength === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? '0');
    const end = headEnd + 4 + length;
    if (this.received.byteLength < end) return;
    const body = this.received.subarray(headEnd + 4, end);
    this.received = this.received.subarray(end);
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }

  private fail(fault: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.socket = undefined;
    waiting?.reject(fault);
  }
}
