/* The open viewer: its state, and how that looks. */

const SPEAK_AFTER = 350, PATIENCE = 20_000, BLINK = 900;

export class Showing {
  /** Shows what `store` has, first the map of that name; `ask` asks the server for what it lacks. */
  constructor(store, name, ask) {
    const { header } = store;
    this.store = store;
    this.ask = ask;
    this.asked = null;
    this.state = {
      main: name,
      beside: "",
      mode: header.view,
      covered: true,
      opacity: header.opacity,
      level: 0.5,
      window: 1,
      wipe: 0.5,
      view: { x: header.scan.columns / 2, y: header.scan.rows / 2, zoom: 1 },
      crosshair: null,
      pointer: null,
    };
    this.parts = buildDialog(header.labels, actionsOf(this));
    this.thumbs = [];
    for (const pane of this.parts.panes) followPointers(pane.canvas, pointerActionsOf(this, pane));
    this.parts.dialog.addEventListener("keydown", (event) => press(this, event));
    new ResizeObserver(() => this.draw()).observe(this.parts.stage);
  }

  /** Change the state and what is seen of it. */
  set(changes) {
    Object.assign(this.state, changes);
    this.refresh();
  }

  /** Something has arrived: ask for what still lacks, and show what is there. */
  arrived() {
    const { store, state } = this;
    if (!store.find(state.main)) state.main = store.maps[0]?.name;
    if (!store.find(state.beside)) state.beside = "";
    if (!state.main) return this.parts.dialog.close();
    this.askForWhatLacks();
    const map = store.find(state.main);
    if (!state.crosshair && store.valuesOf(map)) state.crosshair = store.strongestOf(map);
    this.refresh();
  }

  askForWhatLacks() {
    const have = this.store.whatIsHere();
    const question = JSON.stringify([have, this.store.maps.map((map) => map.stamp)]);
    if (!have || question === this.asked) return;
    this.asked = question;
    this.ask(have);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.giveUp(), PATIENCE);
  }

  giveUp() {
    if (!this.store.complete) this.parts.busy.textContent = this.store.header.labels.unreachable;
  }

  end() {
    clearInterval(this.blinking);
    clearTimeout(this.waiting);
    clearTimeout(this.speaking);
  }

  /** The map of each pane that is seen, with the pane. */
  get shown() {
    const names = this.state.beside ? [this.state.main, this.state.beside] : [this.state.main];
    return names.map((name, index) => [this.parts.panes[index], this.store.find(name)]);
  }

  get pane() {
    return measure(this.parts.panes[0].canvas);
  }

  get cursor() {
    return this.state.pointer ?? this.state.crosshair ?? pixelAt(this.state.view, this.store.header.scan);
  }

  /** The controls as the state is, then the pictures. */
  refresh() {
    const { parts, state } = this;
    const { labels, scan, doubted } = this.store.header;
    parts.title.textContent = `${labels.title}: ${scan.title}`;
    const sizes = { shown: `${scan.shown_columns} × ${scan.shown_rows}`, native: `${scan.columns} × ${scan.rows}` };
    parts.doubt.textContent = doubted ? labels.doubted : "";
    parts.size.textContent = scan.shown_rows < scan.rows ? fillIn(labels.reduced, sizes) : "";
    parts.busy.textContent = this.store.complete ? "" : labels.fetching;
    this.refreshMaps();
    for (const input of parts.modes.querySelectorAll("input")) input.checked = input.value === state.mode;
    parts.swap.hidden = state.mode !== "blink";
    parts.swap.textContent = state.covered ? labels.swap_scan : labels.swap_map;
    parts.wipe.label.hidden = state.mode !== "wipe";
    for (const name of ["wipe", "opacity", "level", "window"]) parts[name].set(state[name]);
    parts.opacity.input.disabled = ["map", "scan", "contours"].includes(state.mode);
    for (const name of ["level", "window"]) parts[name].input.disabled = state.mode === "map";
    this.draw();
  }

  refreshMaps() {
    const { parts, state, store } = this;
    const names = store.maps.map((map) => map.name).join();
    if (parts.strip.dataset.names !== names) {
      parts.strip.dataset.names = names;
      this.thumbs = store.maps.map((map) => buildThumb(map, () => this.set({ main: map.name })));
      parts.strip.replaceChildren(...this.thumbs.map((thumb) => thumb.button));
      const options = store.maps.map((map) => make("option", { value: map.name }, `${map.method}, ${map.place}`));
      parts.beside.replaceChildren(make("option", { value: "" }, store.header.labels.nothing), ...options);
    }
    for (const { button } of this.thumbs) button.setAttribute("aria-pressed", String(button.dataset.name === state.main));
    parts.beside.value = state.beside;
    parts.stage.classList.toggle("two", Boolean(state.beside));
    parts.panes[1].figure.hidden = !state.beside;
    for (const [pane, map] of this.shown) this.entitle(pane, map);
  }

  entitle(pane, map) {
    const { labels, positive_only: positiveOnly } = this.store.header;
    pane.caption.replaceChildren(make("strong", {}, map.method), ` · ${map.place} `, make("small", {}, map.explained));
    pane.failed.textContent = map.failed.map((sentence) => fillIn(labels.failed, { sentence })).join(" ");
    [pane.against.textContent, pane.favour.textContent] = map.ends;
    const bytes = colourBar(map, this.store.tables, positiveOnly);
    pane.bar.width = bytes.length / 4;
    pane.bar.getContext("2d").putImageData(new ImageData(bytes, bytes.length / 4, 1), 0, 0);
  }

  draw() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null;
      this.drawNow();
    });
  }

  drawNow() {
    const { state, store } = this;
    const pictures = store.scanThrough(state.level, state.window);
    if (!pictures) return;
    const { scan, outline } = store.header;
    state.view = keepWithin(state.view, scan, this.pane);
    const scene = { ...state, scan, outline, cursor: this.cursor, picture: pictures.large, smallPicture: pictures.small };
    for (const [pane, map] of this.shown) {
      drawPane(pane.canvas, scene, map, this.coverOf(map));
      this.tell(pane, map);
    }
    this.thumbs.forEach(({ canvas }, index) => {
      const map = store.maps[index];
      drawPane(canvas, scene, map, { layer: store.layerOf(map, false) }, { small: true });
    });
    this.parts.position.textContent = this.position;
    this.parts.zoom.textContent = fillIn(store.header.labels.zoom, { zoom: state.view.zoom.toFixed(1) });
  }

  /** What is drawn of a map over the scan: a layer of colours, contours, or neither. */
  coverOf(map) {
    const { mode, covered } = this.state;
    if (mode === "scan" || (mode === "blink" && !covered)) return {};
    return mode === "contours" ? { contours: this.store.contoursOf(map) } : { layer: this.store.layerOf(map, mode === "map") };
  }

  /** The value under the crosshair, in words, in digits and on the colour bar. */
  tell(pane, map) {
    const { row, column } = this.cursor;
    const value = this.store.valueAt(map, row, column), sentence = this.sentenceOf(map);
    pane.value.replaceChildren(sentence, make("small", {}, inDigits(value)));
    pane.canvas.setAttribute("aria-label", `${map.method}, ${map.place}: ${sentence}`);
    pane.mark.hidden = Number.isNaN(value);
    pane.mark.style.left = `${100 * shareOfBar(value, map, this.store.header.positive_only)}%`;
  }

  sentenceOf(map) {
    const { row, column } = this.cursor, { steps, labels, positive_only: positiveOnly } = this.store.header;
    const value = this.store.valueAt(map, row, column);
    const sentence = describeValue(value, map.limit, map.words, steps);
    return positiveOnly && map.signed && value < 0 ? `${sentence} (${labels.one_sided})` : sentence;
  }

  get position() {
    const { row, column } = this.cursor, { labels, scan } = this.store.header;
    const place = placeInWords(row, column, scan, labels);
    return fillIn(labels.position, { row: row + 1, rows: scan.rows, column: column + 1, columns: scan.columns, place });
  }

  /** Have a screen reader say where the crosshair is and what is there, once it rests. */
  speak() {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      const values = this.shown.map(([, map]) => `${map.method}, ${map.place}: ${this.sentenceOf(map)}.`);
      this.parts.live.textContent = `${this.position}. ${values.join(" ")}`;
    }, SPEAK_AFTER);
  }

  /** Swap scan and map by themselves, unless the system was told to keep things still. */
  blink(on) {
    clearInterval(this.blinking);
    if (!on || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.blinking = setInterval(() => this.set({ covered: !this.state.covered }), BLINK);
  }
}
