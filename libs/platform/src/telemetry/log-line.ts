/** Fields that the line shows in a place of their own, or that only tools want. */
const PLACED = new Set(['time', 'level', 'name', 'msg', 'requestId', 'traceId', 'error', 'err']);
const COLOURS: Readonly<Record<string, string>> = {
  fatal: '41',
  error: '31',
  warn: '33',
  info: '32',
  debug: '36',
  trace: '90',
};

interface LogRecord {
  readonly [field: string]: unknown;
}

function show(value: unknown): string {
  if (typeof value === 'string') return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}

function stackOf(record: LogRecord): string {
  const error = (record['error'] ?? record['err']) as { stack?: unknown } | undefined;
  const stack = error?.stack ?? record['stack'];
  return typeof stack === 'string' ? `\n  ${stack.replaceAll('\n', '\n  ')}` : '';
}

/**
 * One JSON record as one line for a person: time of day, level, part, message, then the fields.
 * What is not JSON is passed on as it is.
 */
export function formatLine(json: string, colour: boolean): string {
  let record: LogRecord;
  try {
    record = JSON.parse(json) as LogRecord;
  } catch {
    return json;
  }
  const level = String(record['level']);
  const time = String(record['time']).slice(11, 23);
  const paint = (text: string, code: string | undefined): string =>
    colour && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
  const fields = Object.entries(record)
    .filter(([name, value]) => !PLACED.has(name) && name !== 'stack' && value !== undefined)
    .map(([name, value]) => `${name}=${show(value)}`);
  const request = record['requestId'];
  if (typeof request === 'string') fields.push(`request=${request}`);
  const words = [
    paint(time, '90'),
    paint(level.padEnd(5), COLOURS[level]),
    `${String(record['name'])}:`,
    typeof record['msg'] === 'string' ? record['msg'] : '',
    ...(fields.length > 0 ? [paint(fields.join(' '), '90')] : []),
  ];
  return `${words.join(' ')}${stackOf(record)}\n`;
}
