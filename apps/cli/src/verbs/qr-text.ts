import { formatMoney } from '#domain/money';
import type { QrDecoding, QrIssue, MpmDecoding, SchemeMatch, TlvNode } from '#domain/qr/index';
import type { Paint } from './paint.js';
import { CHILD_NAMES, FORMAT_NAMES, OBJECT_NAMES } from './qr-names.js';

/** A decoding for people: the answer first, then who and how much, what is odd, and the tree. */
export function describeDecoding(decoding: QrDecoding, paint: Paint): string {
  const lines = [headline(decoding, paint)];
  const rows =
    decoding instanceof Object && 'merchantCity' in decoding
      ? mpmRows(decoding)
      : otherRows(decoding);
  for (const scheme of decoding.schemes) rows.unshift(['scheme', schemeText(scheme)]);
  const width = Math.max(10, ...rows.map(([name]) => name.length));
  for (const [name, value] of rows) {
    lines.push(`  ${paint('dim', name.padEnd(width))} ${visible(value)}`);
  }
  lines.push(...decoding.issues.map((issue) => issueLine(issue, paint)));
  if (decoding.tree.length > 0) {
    lines.push('', ...treeLines(decoding, paint));
  }
  return lines.join('\n');
}

function headline(decoding: QrDecoding, paint: Paint): string {
  const what = FORMAT_NAMES[decoding.format];
  const poi =
    'pointOfInitiation' in decoding && decoding.pointOfInitiation !== null
      ? `, ${decoding.pointOfInitiation}`
      : '';
  switch (decoding.verdict) {
    case 'accept':
      return `${paint('green', '✓ accept')}  ${what}${poi}`;
    case 'warn':
      return `${paint('yellow', '! accept with warnings')}  ${what}${poi}`;
    case 'reject':
      return `${paint('red', '✗ reject')}  ${what}${poi}`;
  }
}

type Row = [name: string, value: string];

function mpmRows(decoding: MpmDecoding): Row[] {
  const rows: Row[] = [];
  const place = [
    decoding.merchantName,
    decoding.merchantCity,
    decoding.postalCode,
    decoding.country,
  ];
  const merchant = place.filter((part) => part !== null).join(', ');
  if (merchant !== '') rows.push(['merchant', merchant]);
  const language = decoding.language;
  if (language !== null && typeof language !== 'string') {
    rows.push([
      'in script',
      Object.values(language)
        .filter((value) => typeof value === 'string')
        .join(' · '),
    ]);
  }
  if (decoding.mcc !== null) rows.push(['category', `MCC ${decoding.mcc}`]);
  rows.push(['amount', amountText(decoding)]);
  const fee = decoding.fee;
  if (fee !== null) rows.push(['fee', feeText(fee.kind, fee.value)]);
  const additional = decoding.additional;
  if (additional !== null && typeof additional !== 'string') {
    for (const [id, value] of Object.entries(additional).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (typeof value !== 'string') continue;
      rows.push([
        CHILD_NAMES['62']?.[id] ?? `62.${id}`,
        value === '***' ? 'the payer is asked' : value,
      ]);
    }
  }
  if (decoding.format === 'emvco-mpm') {
    rows.push(['checksum', decoding.crcOk ? `${decoding.crcComputed}, matches` : 'does not hold']);
  }
  return rows;
}

function amountText(decoding: MpmDecoding): string {
  const { amount, amountMinor, currencyAlpha, currency } = decoding;
  if (amount === null)
    return `entered by the payer${currencyAlpha === null ? '' : `, in ${currencyAlpha}`}`;
  if (amountMinor === 0n) return `entered by the payer, in ${currencyAlpha ?? currency ?? '?'}`;
  if (amountMinor !== null && currencyAlpha !== null) {
    return formatMoney({ currency: currencyAlpha, minor: amountMinor });
  }
  return `${currencyAlpha ?? currency ?? '?'} "${amount}" as written`;
}

function feeText(kind: 'prompt' | 'fixed' | 'percentage', value: string | null): string {
  if (kind === 'prompt') return 'the payer is asked for a tip';
  return kind === 'fixed' ? `${value ?? '?'} on top` : `${value ?? '?'} % on top`;
}

/** Fields every plain decoding shares, which the rest of the text already tells. */
const SHARED = new Set([
  'format',
  'verdict',
  'issues',
  'payload',
  'crcOk',
  'schemes',
  'tree',
  'tlv',
]);

function otherRows(decoding: QrDecoding): Row[] {
  const rows: Row[] = [];
  if (!('merchantName' in decoding) && decoding.schemes.length === 0 && decoding.payload !== '') {
    rows.push(['payload', decoding.payload.slice(0, 120)]);
  }
  for (const [name, value] of Object.entries(decoding)) {
    if (SHARED.has(name) || value === null || value === undefined) continue;
    rows.push([name, plainText(value)]);
  }
  return rows;
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

function schemeText(match: SchemeMatch): string {
  const use = match.use === null ? '' : `, ${match.use}`;
  const at = match.path === '' ? '' : ` (${match.path}${use})`;
  const identifiers = Object.entries(match.identifiers)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return `${match.name}${at}${identifiers === '' ? '' : `: ${identifiers}`}`;
}

function issueLine(issue: QrIssue, paint: Paint): string {
  const colour =
    issue.severity === 'error' ? 'red' : issue.severity === 'warning' ? 'yellow' : 'dim';
  const path = issue.path === '' ? '' : ` ${issue.path}`;
  return `  ${paint(colour, issue.severity.padEnd(10))} ${visible(`${issue.code}${path}: ${issue.message}`)}`;
}

function treeLines(decoding: QrDecoding, paint: Paint): string[] {
  if ('merchantCity' in decoding) {
    return decoding.tree.flatMap((node) => nodeLines(node, '', paint));
  }
  return decoding.tree.map((node) => `  ${visible(JSON.stringify(node))}`);
}

function nodeLines(node: TlvNode, parent: string, paint: Paint): string[] {
  const depth = parent === '' ? 0 : parent.split('.').length;
  const indent = ' '.repeat(2 + depth * 3);
  const path = parent === '' ? node.id : `${parent}.${node.id}`;
  const name = paint('dim', nameOf(path));
  const head = `${indent}${paint('bold', node.id)} ${paint('dim', String(node.length).padStart(2))}`;
  if (node.children === undefined) return [`${head} ${visible(node.value)}  ${name}`.trimEnd()];
  return [
    `${head} ${name}`.trimEnd(),
    ...node.children.flatMap((child) => nodeLines(child, path, paint)),
  ];
}

function nameOf(path: string): string {
  const [id = '', child] = path.split('.');
  const number = Number(id);
  if (child === undefined) {
    const known = OBJECT_NAMES[id];
    if (known !== undefined) return known;
    if (number >= 2 && number <= 51) return 'merchant account';
    return number >= 80 ? 'unreserved template' : '';
  }
  if (path.split('.').length > 2) return '';
  return (
    CHILD_NAMES[id]?.[child] ?? (child === '00' && (number < 52 || number >= 80) ? 'scheme' : '')
  );
}

/** Control and direction characters are shown, never sent to the terminal. */
export function visible(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- these are what must not pass
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
