/* From values to colours, by the server's own tables: (257, 4) bytes, the opacity that of a map at full strength. */

const MIDDLE = 128, OPAQUE = 255 << 24;

/** RGBA bytes of a map over a scan or, where `alone`, of its colours without any opacity. */
export function colourMap(values, map, tables, { positiveOnly, alone }) {
  const table = map.signed ? tables[positiveOnly ? "positive" : "signed"] : tables.unsigned;
  // Four bytes at a time, of which the opacity is the highest: every browser's numbers are little-endian.
  const entries = new Uint32Array(table.buffer), drawn = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const shown = positiveOnly ? Math.max(values[index], 0) : values[index];
    drawn[index] = entries[stepOfTable(shown, map.limit, map.signed)] | (alone ? OPAQUE : 0);
  }
  return new Uint8ClampedArray(drawn.buffer);
}

/** RGBA bytes of a map's colour bar, from the lowest value that is drawn to the highest. */
export function colourBar(map, tables, positiveOnly) {
  const table = map.signed ? tables.signed : tables.unsigned;
  const bar = table.slice(map.signed && positiveOnly ? 4 * MIDDLE : 0);
  for (let at = 3; at < bar.length; at += 4) bar[at] = 255;
  return new Uint8ClampedArray(bar.buffer);
}

/** Where on its colour bar a value stands, 0 to 1. */
export function shareOfBar(value, map, positiveOnly) {
  const share = map.limit > 0 ? Math.min(Math.max(value / map.limit, -1), 1) : 0;
  return map.signed && !positiveOnly ? (1 + share) / 2 : Math.max(share, 0);
}

/** The row of the table for a value. */
export function stepOfTable(value, limit, signed) {
  const share = limit > 0 ? value / limit : 0;
  if (signed) return roundToEven((0.5 + 0.5 * Math.min(Math.max(share, -1), 1)) * 2 * MIDDLE);
  return roundToEven(Math.min(Math.max(share, 0), 1) * 2 * MIDDLE);
}

/** Grey RGBA bytes of a scan seen through a window: `level` its middle and `width` its width, shares of the range. */
export function windowScan(samples, level, width) {
  const brightest = samples.BYTES_PER_ELEMENT === 2 ? 65535 : 255;
  const low = level - width / 2;
  const greys = new Uint32Array(brightest + 1);
  for (let sample = 0; sample <= brightest; sample++) {
    const share = width > 0 ? (sample / brightest - low) / width : sample / brightest >= level ? 1 : 0;
    const grey = Math.round(255 * Math.min(Math.max(share, 0), 1));
    greys[sample] = OPAQUE | (grey << 16) | (grey << 8) | grey;
  }
  const drawn = new Uint32Array(samples.length);
  for (let index = 0; index < samples.length; index++) drawn[index] = greys[samples[index]];
  return new Uint8ClampedArray(drawn.buffer);
}

/** The whole number next to it, of two as near the even one. */
function roundToEven(number) {
  const below = Math.floor(number);
  return number - below === 0.5 ? below + (below % 2) : Math.round(number);
}
