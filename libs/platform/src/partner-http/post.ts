import type { Agent, Dispatcher } from 'undici';

export interface RawReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

export interface Post {
  readonly origin: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** For the whole exchange, connecting included. */
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
}

/**
 * One exchange over a kept connection. It speaks to the client's dispatcher, beneath its streams
 * and abort signals: a small answer needs neither, and each payment makes one of these.
 *
 * @returns `timeout` when the time was over; then a request that was not sent yet never will be
 * @throws what the connection broke with
 */
export function post(agent: Agent, request: Post): Promise<RawReply | 'timeout'> {
  return new Promise((resolve, reject) => {
    const exchange = new PostExchange(request, resolve, reject);
    agent.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: 'POST',
        headers: request.headers,
        body: request.body,
        // One clock for all of it, below; the client's own would each start anew.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
  });
}

class PostExchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private statusCode = 0;
  private headers: RawReply['headers'] = {};
  private over = false;

  constructor(
    private readonly request: Post,
    private readonly resolve: (reply: RawReply | 'timeout') => void,
    private readonly reject: (fault: Error) => void,
  ) {
    this.timer = setTimeout(() => {
      this.end(() => {
        resolve('timeout');
      });
      this.controller?.abort(new Error('the time is over'));
    }, request.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.over) controller.abort(new Error('the time was over before it was sent'));
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    statusCode: number,
    headers: RawReply['headers'],
  ): void {
    this.statusCode = statusCode;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.byteLength;
    if (this.size > this.request.maxReplyBytes) {
      controller.abort(new Error(`the answer is larger than ${this.request.maxReplyBytes} bytes`));
      return;
    }
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const { statusCode, headers, chunks } = this;
    const [only] = chunks;
    const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    this.end(() => {
      this.resolve({ statusCode, headers, bytes });
    });
  }

  onResponseError(_: Dispatcher.DispatchController, fault: Error): void {
    this.end(() => {
      this.reject(fault);
    });
  }

  private end(settle: () => void): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    settle();
  }
}
