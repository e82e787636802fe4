export type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold';

/** Colours a text, or leaves it alone. */
export type Paint = (colour: Colour, text: string) => string;

const CODES: Readonly<Record<Colour, number>> = { green: 32, yellow: 33, red: 31, dim: 2, bold: 1 };

/** Colour only where a person looks, and not where they asked for none (NO_COLOR). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const noColor = process.env['NO_COLOR'] ?? '';
  if (!stream.isTTY || noColor !== '' || process.env['TERM'] === 'dumb') return (_, text) => text;
  return (colour, text) => `\u001b[${String(CODES[colour])}m${text}\u001b[0m`;
}
