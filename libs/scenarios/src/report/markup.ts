/** Text that is HTML already; everything else is escaped where it enters a page. */
export class Markup {
  constructor(readonly text: string) {}
}

type Piece = Markup | string | number | null | undefined | readonly Piece[];

/** Builds HTML and SVG: what stands between the braces is escaped unless it is markup. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = parts[0] ?? '';
  pieces.forEach((piece, index) => {
    text += written(piece) + (parts[index + 1] ?? '');
  });
  return new Markup(text);
}

function written(piece: Piece): string {
  if (piece === null || piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return short(piece);
  return piece.map(written).join('');
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Coordinates to a hundredth: no eye sees more, and no page needs the digits. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}
