import { accepted, rejected, type Outcome } from '../rejection.js';
import { encodeMpm, templateText, type MpmAccount, type MpmFields } from './encode-mpm.js';
import { findScheme } from './match-schemes.js';
import type { SchemePrimitive, SchemeProfile, SchemeTemplate } from './scheme.js';

/**
 * What a merchant says when it asks for a code of a scheme: the scheme's own identifiers by the
 * names of its profile, and the EMVCo fields around them. Country and currency come from the
 * profile unless given; an amount makes the code dynamic unless said otherwise.
 */
export interface SchemeOrder extends Omit<MpmFields, 'accounts' | 'payloadFormat'> {
  /** Which of the scheme's templates, e.g. `transfer` or `bill`; the first one by default. */
  readonly use?: string;
  readonly identifiers: Readonly<Record<string, string>>;
}

/** Writes a code of a scheme by its profile; refusals name the identifier that is wrong. */
export function encodeScheme(schemeId: string, order: SchemeOrder): Outcome<string> {
  const profile = findScheme(schemeId);
  if (profile === undefined) {
    return rejected('PARAM_ILLEGAL', `No scheme is called "${schemeId}".`, 'scheme');
  }
  const account = schemeAccount(profile, order);
  if (!account.ok) return account;
  const omits = new Set(profile.allows?.omits);
  const country = order.country ?? profile.markets[0] ?? null;
  return encodeMpm({
    ...order,
    payloadFormat: profile.allows?.payloadFormats?.[0] ?? '01',
    pointOfInitiation:
      order.pointOfInitiation ?? (typeof order.amount === 'string' ? 'dynamic' : 'static'),
    accounts: [account.value],
    mcc: order.mcc ?? (omits.has('52') ? null : '0000'),
    currency: order.currency ?? profile.currency ?? null,
    country,
  });
}

function schemeAccount(profile: SchemeProfile, order: SchemeOrder): Outcome<MpmAccount> {
  const { templates = [], primitives = [] } = profile;
  const template =
    order.use === undefined ? templates[0] : templates.find(({ use }) => use === order.use);
  if (template !== undefined) return templateAccount(profile, template, order.identifiers);
  const primitive = primitives[0];
  if (order.use === undefined && primitive !== undefined) {
    return primitiveAccount(primitive, order.identifiers);
  }
  const uses = templates.flatMap(({ use = [] }) => use);
  const known = uses.length === 0 ? 'has no account in EMVCo codes' : `knows ${uses.join(', ')}`;
  return rejected('PARAM_ILLEGAL', `${profile.name} ${known}.`, 'use');
}

function primitiveAccount(
  primitive: SchemePrimitive,
  identifiers: Readonly<Record<string, string>>,
): Outcome<MpmAccount> {
  const id = primitive.at[0] ?? '';
  const name = primitive.name ?? 'account';
  const whole = identifiers[name];
  if (whole !== undefined) return accepted({ id, value: whole });
  let value = '';
  for (const [part, width] of primitive.parts ?? []) {
    const text = identifiers[part];
    if (text?.length !== width) {
      return rejected('PARAM_ILLEGAL', `${part} must have ${String(width)} characters.`, part);
    }
    value += text;
  }
  return value === ''
    ? rejected('PARAM_ILLEGAL', `The identifier ${name} is needed.`, name)
    : accepted({ id, value });
}

function templateAccount(
  profile: SchemeProfile,
  template: SchemeTemplate,
  identifiers: Readonly<Record<string, string>>,
): Outcome<MpmAccount> {
  const guid =
    typeof template.guid === 'string' ? template.guid : identifiers[template.guidName ?? 'guid'];
  if (guid === undefined) {
    const name = template.guidName ?? 'guid';
    return rejected('PARAM_ILLEGAL', `${profile.name} needs the identifier ${name}.`, name);
  }
  const names = identifierNames(template);
  const unknown = Object.keys(identifiers).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const list = names.join(', ');
    return rejected('PARAM_ILLEGAL', `${profile.name} has no ${unknown}; it has ${list}.`, unknown);
  }
  for (const [name, pattern] of Object.entries(template.patterns ?? {})) {
    const value = identifiers[name];
    if (value !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value)) {
      return rejected('PARAM_ILLEGAL', `${name} "${value}" is not of the form ${pattern}.`, name);
    }
  }
  return accepted({ id: template.at, guid, value: childValues(template, identifiers) });
}

/** The identifiers a template takes, in the order of its children. */
export function identifierNames(template: SchemeTemplate): readonly string[] {
  const children = Object.values(template.children).flatMap((name) =>
    typeof name === 'string' ? name : Object.values(name),
  );
  const own = typeof template.guid === 'string' ? undefined : (template.guidName ?? 'guid');
  return own === undefined ? children : [own, ...children];
}

function childValues(
  template: SchemeTemplate,
  identifiers: Readonly<Record<string, string>>,
): Record<string, string> {
  const children: Record<string, string> = {};
  for (const [id, name] of Object.entries(template.children)) {
    if (typeof name === 'string') {
      const value = identifiers[name];
      if (value !== undefined) children[id] = value;
      continue;
    }
    const inner = Object.entries(name).flatMap(([innerId, innerName]) => {
      const value = identifiers[innerName];
      return value === undefined ? [] : [[innerId, value] as const];
    });
    if (inner.length > 0) children[id] = templateText(Object.fromEntries(inner));
  }
  return children;
}
