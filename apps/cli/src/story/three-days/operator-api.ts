import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from '#platform/explained-error';

const TIMEOUT_MS = 30_000;

/** The operator API as one person uses it, with a key of that person's own. */
export class OperatorApi {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  /** Who can read the hub's folder may do everything. */
  static async ofFolder(url: string, folder: string): Promise<OperatorApi> {
    return new OperatorApi(url, (await readFile(join(folder, 'operator.key'), 'utf8')).trim());
  }

  /** A key for somebody else, as the holder of this one may give it. */
  async hire(name: string, scopes: readonly string[]): Promise<OperatorApi> {
    const { key } = await this.post<{ key: string }>('/api/operators', { name, scopes });
    return new OperatorApi(this.url, key);
  }

  get<T>(path: string): Promise<T> {
    return this.send(path, 'GET');
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.send(path, 'POST', body);
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.send(path, 'PUT', body);
  }

  private async send<T>(path: string, method: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
    const { detail } = JSON.parse(text) as { detail?: string };
    throw new ExplainedError(detail ?? `${method} ${path}: ${String(response.status)}`);
  }
}
