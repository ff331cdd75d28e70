/* The dialog's elements. What they do stands in viewer.js. */

export const MODES = ["overlay", "contours", "scan", "map", "blink", "wipe"];

/** An element with attributes, listeners (`onclick`) and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** All elements of the dialog by name; `labels` are its words, `on` what is done at each control. */
export function buildDialog(labels, on) {
  const parts = { panes: [buildPane(), buildPane()] };
  parts.title = make("h2", { id: "title" });
  parts.doubt = make("p", { class: "doubt" });
  parts.size = make("p", { class: "size" });
  parts.busy = make("p", { class: "busy", role: "status" });
  parts.stage = make(
    "div",
    { class: "stage", tabindex: 0, role: "application", "aria-label": labels.stage },
    ...parts.panes.map((pane) => pane.figure),
    parts.busy,
  );
  parts.position = make("p", { class: "position" });
  parts.strip = make("div", { class: "strip", role: "group", "aria-label": labels.maps });
  parts.beside = make("select", { onchange: (event) => on.beside(event.target.value) });
  parts.swap = make("button", { type: "button", onclick: on.swap });
  parts.wipe = buildSlider(labels.divider, { min: 0, max: 100 }, (value) => on.wipe(value / 100));
  parts.opacity = buildSlider(labels.opacity, { min: 0, max: 100 }, (value) => on.opacity(value / 100));
  parts.level = buildSlider(labels.level, { min: 0, max: 100 }, (value) => on.level(value / 100));
  parts.window = buildSlider(labels.window, { min: 1, max: 200 }, (value) => on.window(value / 100));
  parts.modes = make("fieldset", { class: "modes" }, make("legend", {}, labels.drawing), ...MODES.map((mode) => buildMode(mode, labels, on)));
  parts.zoom = make("output");
  parts.live = make("p", { class: "unseen", "aria-live": "polite" });
  const press = (label, act, words = label) => make("button", { type: "button", "aria-label": words, title: words, onclick: act }, label);
  const zooming = [press("+", on.zoomIn, labels.zoom_in), press("−", on.zoomOut, labels.zoom_out), parts.zoom];
  const finding = [press(labels.zoom_all, on.zoomAll), press(labels.strongest, on.strongest)];
  const sliders = [parts.wipe, parts.opacity, parts.level, parts.window].map((slider) => slider.label);
  const keys = [make("summary", {}, labels.keys), make("p", {}, labels.keys_help), make("p", {}, labels.words_help)];
  parts.dialog = make(
    "dialog",
    { "aria-labelledby": "title" },
    make("header", {}, parts.title, make("button", { type: "button", onclick: on.close }, labels.close)),
    make("div", { class: "notes" }, parts.doubt, parts.size),
    make("div", { class: "room" }, parts.stage, parts.position),
    make(
      "div",
      { class: "controls" },
      parts.strip,
      make("label", { class: "beside" }, make("span", {}, labels.beside), parts.beside),
      parts.modes,
      parts.swap,
      make("div", { class: "buttons" }, ...zooming, ...finding),
      make("div", { class: "sliders" }, ...sliders, press(labels.window_reset, on.windowReset)),
      make("details", {}, ...keys),
    ),
    parts.live,
  );
  return parts;
}

/** A small picture of a map that chooses it. */
export function buildThumb(map, choose) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const words = make("span", {}, map.method, make("small", {}, map.place));
  return { canvas, button: make("button", { type: "button", "data-name": map.name, onclick: choose }, canvas, words) };
}

function buildPane() {
  const pane = {
    caption: make("figcaption"),
    failed: make("p", { class: "failed" }),
    canvas: make("canvas", { role: "img" }),
    against: make("span"),
    bar: make("canvas", { class: "bar", width: 257, height: 1, "aria-hidden": "true" }),
    mark: make("i"),
    favour: make("span"),
    value: make("p", { class: "value" }),
  };
  const scale = make("div", { class: "scale" }, pane.against, make("div", { class: "barbox" }, pane.bar, pane.mark), pane.favour);
  pane.figure = make("figure", {}, pane.caption, pane.failed, pane.canvas, scale, pane.value);
  return pane;
}

function buildSlider(words, { min, max }, slide) {
  const output = make("output");
  const input = make("input", { type: "range", min, max, step: 1, oninput: (event) => slide(Number(event.target.value)) });
  const label = make("label", {}, make("span", {}, words), input, output);
  const set = (share) => {
    input.value = String(Math.round(100 * share));
    output.textContent = `${input.value} %`;
    input.setAttribute("aria-valuetext", output.textContent);
  };
  return { label, input, set };
}

function buildMode(mode, labels, on) {
  return make(
    "label",
    {},
    make("input", { type: "radio", name: "mode", value: mode, onchange: () => on.mode(mode) }),
    make("span", {}, labels[mode]),
  );
}
