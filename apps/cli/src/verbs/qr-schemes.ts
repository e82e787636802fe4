import { identifierNames, SCHEME_PROFILES, type SchemeProfile } from '#domain/qr/index';

/** `wayfare qr schemes`: what can be recognised and made. */
export function showSchemes(json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(SCHEME_PROFILES, null, 2)}\n`);
    return;
  }
  for (const profile of SCHEME_PROFILES) {
    const markets = profile.markets.length === 0 ? 'any' : profile.markets.join(' ');
    process.stdout.write(`${profile.id.padEnd(13)} ${profile.name} (${markets})\n`);
    for (const line of carriers(profile)) process.stdout.write(`${' '.repeat(14)}${line}\n`);
  }
}

function carriers(profile: SchemeProfile): string[] {
  const templates = (profile.templates ?? []).map((template) => {
    const use = template.use === undefined ? '' : ` ${template.use}`;
    const names = identifierNames(template).join(', ');
    return `${template.at}${use}: ${names === '' ? 'no identifiers' : names}`;
  });
  const primitives = (profile.primitives ?? []).map(({ at, name = 'account', parts = [] }) => {
    const inside = parts.map(([part]) => part).join(', ');
    return `${at.join(' ')}: ${name}${inside === '' ? '' : ` (${inside})`}`;
  });
  return [...new Set([...templates, ...primitives, ...(profile.formats ?? [])])];
}
