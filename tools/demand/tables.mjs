/** Rows of a CSV table with a header, quoted fields included, as records of text. */
export function readTable(text) {
  const rows = [];
  let [row, field, quoted] = [[], '', false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        field += '"';
        i += 1;
      } else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ',') {
      row.push(field);
      field = '';
    } else if (c === '\n') {
      row.push(field);
      rows.push(row);
      [row, field] = [[], ''];
    } else if (c !== '\r') field += c;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  const [header, ...body] = rows;
  return body.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])));
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Splits a whole number by weights into whole parts that add up: largest remainder. */
export function wholeParts(total, weights) {
  const all = sum(weights);
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map(Math.floor);
  const order = exact
    .map((value, at) => [value - Math.floor(value), at])
    .sort(([a, i], [b, j]) => b - a || i - j);
  const missing = total - sum(parts);
  for (const [, at] of order.slice(0, missing)) parts[at] += 1;
  return parts;
}

/** Shares scaled to add up to `total` exactly in decimals of so many places. */
export function sharesAddingTo(total, shares, places) {
  const scale = 10 ** places;
  return wholeParts(Math.round(total * scale), shares).map((part) => part / scale);
}
