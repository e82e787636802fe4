import { SCHEME_PROFILES } from './scheme-profiles.js';
import type {
  ChildName,
  GuidShape,
  SchemeMatch,
  SchemePrimitive,
  SchemeProfile,
  SchemeTemplate,
} from './scheme.js';
import { readSpans } from './tlv.js';

/** A merchant account (02 to 51) or an unreserved template (80 to 99), as decoded. */
export interface QrAccount {
  readonly id: string;
  /** Child 00; null for plain objects and for templates without one. */
  readonly guid: string | null;
  /** Children other than 00, or the plain value. */
  readonly value: string | Readonly<Record<string, string>>;
}

interface TemplateEntry {
  readonly profile: SchemeProfile;
  readonly template: SchemeTemplate;
}

const profileById = new Map(SCHEME_PROFILES.map((profile) => [profile.id, profile]));
const templatesByGuid = new Map<string, TemplateEntry[]>();
const templatesByText: { text: string; entry: TemplateEntry }[] = [];
const templatesByShape: { shape: GuidShape; entry: TemplateEntry }[] = [];
const primitivesById = new Map<string, { profile: SchemeProfile; primitive: SchemePrimitive }[]>();
const order = new Map(SCHEME_PROFILES.map((profile, index) => [profile.id, index]));

for (const profile of SCHEME_PROFILES) {
  for (const template of profile.templates ?? []) indexTemplate({ profile, template });
  for (const primitive of profile.primitives ?? []) {
    for (const id of primitive.at) {
      primitivesById.set(id, [...(primitivesById.get(id) ?? []), { profile, primitive }]);
    }
  }
}

function indexTemplate(entry: TemplateEntry): void {
  const { guid, alsoGuids = [] } = entry.template;
  if (typeof guid !== 'string') {
    if ('contains' in guid) templatesByText.push({ text: guid.contains.toLowerCase(), entry });
    else templatesByShape.push({ shape: guid.shape, entry });
    return;
  }
  for (const spelling of [guid, ...alsoGuids]) {
    const key = spelling.toLowerCase();
    templatesByGuid.set(key, [...(templatesByGuid.get(key) ?? []), entry]);
  }
}

/** The profile of a scheme id (`jpqr`), or undefined: ids come from outside. */
export function findScheme(id: string): SchemeProfile | undefined {
  return profileById.get(id);
}

/**
 * Which schemes a merchant-presented code names, by its accounts and its unreserved templates
 * (Alipay+ rides in 80 in the Philippines), national schemes before wallets and cards.
 *
 * @param country value of object 58, or null; shapes are only trusted in their own market
 */
export function matchSchemes(
  accounts: readonly QrAccount[],
  country: string | null,
): readonly SchemeMatch[] {
  const matches: SchemeMatch[] = [];
  for (const account of accounts) {
    if (typeof account.value === 'string')
      matchPrimitive(account.id, account.value, country, matches);
    else if (account.guid !== null) matchTemplate(account, account.guid, country, matches);
  }
  return matches.sort((a, b) => (order.get(a.scheme) ?? 0) - (order.get(b.scheme) ?? 0));
}

function matchPrimitive(
  id: string,
  value: string,
  country: string | null,
  matches: SchemeMatch[],
): void {
  for (const { profile, primitive } of primitivesById.get(id) ?? []) {
    if (!isIn(primitive.onlyIn, country)) continue;
    const identifiers: Record<string, string> = { [primitive.name ?? 'account']: value };
    const width = (primitive.parts ?? []).reduce((sum, [, size]) => sum + size, 0);
    if (width === value.length) {
      let at = 0;
      for (const [name, size] of primitive.parts ?? []) {
        identifiers[name] = value.slice(at, at + size);
        at += size;
      }
    }
    matches.push({
      scheme: profile.id,
      name: profile.name,
      path: id,
      use: null,
      guid: null,
      identifiers,
    });
  }
}

function matchTemplate(
  account: QrAccount,
  guid: string,
  country: string | null,
  matches: SchemeMatch[],
): void {
  const folded = guid.toLowerCase();
  const entries = [
    ...(templatesByGuid.get(folded) ?? []),
    ...templatesByText.filter(({ text }) => folded.includes(text)).map(({ entry }) => entry),
    ...templatesByShape.filter(({ shape }) => hasShape(guid, shape)).map(({ entry }) => entry),
  ];
  for (const { profile, template } of entries) {
    if (template.onlyAt !== undefined && !template.onlyAt.includes(account.id)) continue;
    if (!isIn(template.onlyIn, country)) continue;
    matches.push({
      scheme: profile.id,
      name: profile.name,
      path: account.id,
      use: template.use ?? null,
      guid,
      identifiers: nameChildren(account, guid, template),
    });
  }
}

function isIn(markets: readonly string[] | undefined, country: string | null): boolean {
  return markets === undefined || country === null || markets.includes(country.toUpperCase());
}

function hasShape(guid: string, shape: GuidShape): boolean {
  switch (shape) {
    case 'accountAtBank':
      return /^[^@\s]+@[^@\s]+$/.test(guid);
    case 'digits28':
      return /^\d{28}$/.test(guid);
  }
}

/** Alipay+ addresses inside EMVCo codes name their acquirer as order codes do: 281, three digits. */
const ACQUIRER_ADDRESS = /^https:\/\/[a-z0-9.-]+\/281(\d{3})\d{6}/i;

function nameChildren(
  account: QrAccount,
  guid: string,
  template: SchemeTemplate,
): Record<string, string> {
  const identifiers: Record<string, string> = {};
  if (template.guidName !== undefined) identifiers[template.guidName] = guid;
  if (typeof account.value === 'string') return identifiers;
  for (const [id, name] of Object.entries(template.children)) {
    const value = account.value[id];
    if (value !== undefined) nameChild(value, name, identifiers);
  }
  const acquirer = ACQUIRER_ADDRESS.exec(identifiers['url'] ?? '')?.[1];
  if (acquirer !== undefined) identifiers['acquirerCode'] = acquirer;
  return identifiers;
}

function nameChild(value: string, name: ChildName, identifiers: Record<string, string>): void {
  if (typeof name === 'string') {
    identifiers[name] = value;
    return;
  }
  for (const span of readSpans(value, 0, value.length, true).spans) {
    const inner = name[String(span.id).padStart(2, '0')];
    if (inner !== undefined) identifiers[inner] = value.slice(span.start, span.end);
  }
}
