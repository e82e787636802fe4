/** Single-character edits between two words; a swap of neighbours counts as one. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1] ?? [];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(edits);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/**
 * The known name a person most likely meant, or undefined where none is near: a slip of a letter
 * or two, or a name that one of the two begins with.
 */
export function nearestName(given: string, known: Iterable<string>): string | undefined {
  // Among codes of two letters everything is near everything.
  if (given.length < 3) return undefined;
  const lower = given.toLowerCase();
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    const other = name.toLowerCase();
    const begins =
      Math.min(lower.length, other.length) >= 3 &&
      (other.startsWith(lower) || lower.startsWith(other));
    const edits = begins ? 1 : editDistance(lower, other);
    if (edits <= Math.max(1, Math.floor(given.length / 3)) && edits < (best?.edits ?? Infinity)) {
      best = { name, edits };
    }
  }
  return best?.name;
}

const UNITS = ['PercentPerYear', 'PerYear', 'Percent', 'Bps', 'Minutes', 'Days', 'Ms'] as const;

/** `growthPercentPerYear` is `growth` in `PercentPerYear`; a key without a unit is all stem. */
export function stemAndUnit(key: string): { readonly stem: string; readonly unit: string } {
  const spelled = ['Pct', 'Seconds', 'Hours', 'Share', 'Ratio', 'Rate', ...UNITS];
  const unit = spelled
    .filter((ending) => key.endsWith(ending) && key.length > ending.length)
    .sort((a, b) => b.length - a.length)[0];
  return unit === undefined ? { stem: key, unit: '' } : { stem: key.slice(0, -unit.length), unit };
}

/** The known key that counts the same thing in another unit. */
export function sameInOtherUnit(given: string, known: readonly string[]): string | undefined {
  const { stem } = stemAndUnit(given);
  return known.find((key) => key !== given && stemAndUnit(key).stem === stem);
}
