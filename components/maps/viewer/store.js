/* What has arrived of the scan on the page, and the pictures made of it. */

const THUMB = 256;

export class Store {
  /** `changed` is called whenever something has arrived. */
  constructor(changed) {
    this.changed = changed;
    this.forget();
  }

  forget() {
    this.header = null;
    this.tables = null;
    this.samples = null;
    this.unpacking = false;
    this.values = new Map();
    this.layers = new Map();
    this.contours = new Map();
    this.windowed = null;
  }

  receive(bytes) {
    const { header, block } = unpack(bytes);
    if (this.header?.scan.stamp !== header.scan.stamp) this.forget();
    this.header = header;
    this.tables ??= Object.fromEntries(
      Object.entries(header.tables).map(([name, text]) => [name, fromBase64(text)]),
    );
    const stamps = new Set(header.maps.map((map) => map.stamp));
    for (const stamp of this.values.keys()) if (!stamps.has(stamp)) this.values.delete(stamp);
    this.layers.clear();
    this.contours.clear();
    for (const map of header.maps) if (map.block) this.values.set(map.stamp, new Float32Array(block(map.block)));
    if (header.scan.block && !this.samples && !this.unpacking) this.readScan(block(header.scan.block), header.scan);
    this.changed();
  }

  async readScan(buffer, scan) {
    this.unpacking = true;
    const samples = await readSamples(buffer, scan);
    if (this.header?.scan.stamp !== scan.stamp) return;
    this.samples = samples;
    this.unpacking = false;
    this.changed();
  }

  get maps() {
    return this.header?.maps ?? [];
  }

  find(name) {
    return this.maps.find((map) => map.name === name);
  }

  valuesOf(map) {
    return this.values.get(map.stamp);
  }

  /** Whether all that the header names is here. */
  get complete() {
    return this.samples !== null && this.maps.every((map) => this.values.has(map.stamp));
  }

  /** The stamps of what has arrived; null where that is all. */
  whatIsHere() {
    const scan = this.samples || this.unpacking ? [this.header.scan.stamp] : [];
    const all = scan.length > 0 && this.maps.every((map) => this.values.has(map.stamp));
    return all ? null : [...scan, ...this.values.keys()];
  }

  /** A map's colours as a picture, null where its values have not arrived. */
  layerOf(map, alone) {
    const values = this.valuesOf(map);
    if (!values) return null;
    const key = `${map.name} ${alone}`;
    if (!this.layers.has(key)) {
      const bytes = colourMap(values, map, this.tables, { positiveOnly: this.header.positive_only, alone });
      this.layers.set(key, pictureOf(bytes, map.columns, map.rows));
    }
    return this.layers.get(key);
  }

  /** A map's contours, each with its colour and width; none where its values have not arrived. */
  contoursOf(map) {
    const values = this.valuesOf(map);
    if (!values) return [];
    if (!this.contours.has(map.name)) {
      this.contours.set(map.name, map.levels.map((level) => ({ ...level, pieces: contourOf(values, map, level.value) })));
    }
    return this.contours.get(map.name);
  }

  /** The scan through a window, large and small; null where it has not arrived. */
  scanThrough(level, width) {
    if (!this.samples) return null;
    if (this.windowed?.level !== level || this.windowed?.width !== width) {
      const { shown_columns: columns, shown_rows: rows } = this.header.scan;
      const large = pictureOf(windowScan(this.samples, level, width), columns, rows);
      this.windowed = { level, width, large, small: smaller(large, THUMB) };
    }
    return this.windowed;
  }

  /** The value of a map at a pixel, NaN outside its box. */
  valueAt(map, row, column) {
    const cell = cellAt(row, column, map), values = this.valuesOf(map);
    return cell < 0 || !values ? NaN : values[cell];
  }

  /** The pixel with a map's strongest evidence, of that which is drawn. */
  strongestOf(map) {
    const values = this.valuesOf(map);
    const oneSided = this.header.positive_only || !map.signed;
    const strength = (index) => oneSided ? values[index] : Math.abs(values[index]);
    let most = -Infinity, best = [];
    for (let index = 0; index < values.length; index++) {
      if (strength(index) > most) [most, best] = [strength(index), []];
      if (strength(index) === most) best.push(index);
    }
    return pixelOfCell(midmostOf(best, map.columns), map, this.header.scan);
  }
}
