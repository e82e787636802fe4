import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';

const TIMEOUT_MS = 30_000;
const INVALID_SCENARIO = 'urn:wayfare:problem:invalid-scenario';
const EXIT_INVALID_SCENARIO = 3;

export interface OperatorApiChoices {
  /** Default: the hub that runs on the data folder. */
  readonly hub?: string;
  /** A file that holds the caller's key; default: WAYFARE_OPERATOR_KEY, or the root key. */
  readonly keyFile?: string;
}

/**
 * The operator API of a running hub, called as a person: what two people must agree on cannot be
 * done past the hub. A key is read from a file or the environment, since arguments are seen by
 * every user of the machine.
 */
export class OperatorApi {
  private constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  /** @throws ExplainedError when no hub runs, or no key can be read */
  static async open({ hub, keyFile }: OperatorApiChoices): Promise<OperatorApi> {
    const { dataDir } = loadConfig();
    const given = process.env['WAYFARE_OPERATOR_KEY']?.trim();
    const key =
      keyFile === undefined && given !== undefined && given !== ''
        ? given
        : await readKey(keyFile ?? join(dataDir, 'operator.key'));
    return new OperatorApi((hub ?? (await addressIn(dataDir))).replace(/\/+$/, ''), key);
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.call('POST', path, { body });
  }

  /**
   * The same where the hub keeps keys: the request carries one of its own, and goes out once more
   * when no answer came, since nobody knows whether it arrived.
   */
  postOnce<T>(path: string, body: object): Promise<T> {
    return this.call('POST', path, { body, idempotencyKey: randomUUID() });
  }

  private async call<T>(method: string, path: string, sent: Sent = {}): Promise<T> {
    const send = (): Promise<Response> => this.send(method, path, sent);
    let response: Response;
    try {
      response = await send().catch((error: unknown) => {
        if (sent.idempotencyKey === undefined) throw error;
        return send();
      });
    } catch {
      throw new ExplainedError(`no hub answers at ${this.url}; start it with npm start`);
    }
    const answer = (await response.json()) as {
      readonly type?: string;
      readonly detail?: string;
    };
    if (response.ok) return answer as T;
    throw new ExplainedError(
      answer.detail ?? `the hub answered ${String(response.status)}`,
      answer.type === INVALID_SCENARIO ? { exitCode: EXIT_INVALID_SCENARIO } : {},
    );
  }

  private send(method: string, path: string, { body, idempotencyKey }: Sent): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }
}

interface Sent {
  readonly body?: object;
  readonly idempotencyKey?: string;
}

async function readKey(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw new ExplainedError(`no key can be read from ${path}; name its file with --key-file`);
  }
}

async function addressIn(dataDir: string): Promise<string> {
  try {
    const text = await readFile(join(dataDir, 'hub.json'), 'utf8');
    return (JSON.parse(text) as { readonly url: string }).url;
  } catch {
    throw new ExplainedError(
      'no hub runs on this data folder; start it with npm start, or name another with --hub',
    );
  }
}
