/* One value of a map in words, as components/maps/evidence.py says it. */

/** The sentence for a value: `limit` is where the colours end, `words` the map's sentences, `steps` the shares of the
    limit from which evidence is weak, moderate and strong. */
export function describeValue(value, limit, words, steps) {
  if (Number.isNaN(value)) return words.outside;
  if (value === 0 || limit === 0) return words.nothing;
  const side = value > 0 ? words.speaks_for : words.against;
  if (side.length === 0) return words.unshown;
  const step = steps.filter((least) => Math.abs(value) / limit >= least).length;
  return step === 0 ? words.little : side[step - 1];
}

/** The sentence with its {names} filled in. */
export function fillIn(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(facts[name] ?? whole));
}

/** A raw value in three digits. */
export function inDigits(value) {
  return Number.isNaN(value) ? "" : String(Number(value.toPrecision(3))).replace("-", "−");
}

/** Where on the scan a pixel lies: the picture's left and right and, where the file states it, the patient's. */
export function placeInWords(row, column, scan, labels) {
  const third = (at, count) => Math.min(2, Math.floor((3 * (at + 0.5)) / count));
  const [down, across] = [third(row, scan.rows), third(column, scan.columns)];
  const letter = across === 0 ? scan.sides?.[0] : across === 2 ? scan.sides?.[1] : "";
  return fillIn(labels.of_patient[letter] ?? labels.of_picture, { place: labels.places[down][across] });
}
