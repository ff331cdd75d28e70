/* What controls, keys and pointers do to the open viewer. */

const ZOOM = 1.25, PAN = 0.1;
// How near to the divider a finger must be to take it, in CSS pixels.
const GRAB = 24;
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** By the names that controls.js knows. */
export function actionsOf(viewer) {
  return {
    close: () => viewer.parts.dialog.close(),
    beside: (name) => viewer.set({ beside: name }),
    mode: (mode) => {
      viewer.set({ mode, covered: true });
      viewer.blink(mode === "blink");
    },
    swap: () => {
      viewer.blink(false);
      viewer.set({ covered: !viewer.state.covered });
    },
    wipe: (wipe) => viewer.set({ wipe }),
    opacity: (opacity) => viewer.set({ opacity }),
    level: (level) => viewer.set({ level }),
    window: (width) => viewer.set({ window: width }),
    windowReset: () => viewer.set({ level: 0.5, window: 1 }),
    zoomIn: () => zoomBy(viewer, ZOOM),
    zoomOut: () => zoomBy(viewer, 1 / ZOOM),
    zoomAll: () => showAll(viewer),
    strongest: () => findStrongest(viewer),
  };
}

/** What pointers.js asks for over a pane. */
export function pointerActionsOf(viewer, pane) {
  const { state } = viewer;
  const size = () => measure(pane.canvas);
  const scan = () => viewer.store.header.scan;
  const look = (...how) => viewer.set({ view: hold(...how, scan(), size()) });
  let before = null;
  const pixel = (point) => pixelAt(positionAt(point, state.view, scan(), size()), scan());
  return {
    grab: (point) => state.mode === "wipe" && Math.abs(point.x - dividerOf(state, size())) < GRAB,
    pull: (point) => viewer.set({ wipe: Math.min(Math.max(point.x / size().width, 0), 1) }),
    drag: (from, to) => look(state.view, 1, from, to),
    spread: () => { before = state.view; },
    pinch: (factor, from, to) => look(before, factor, from, to),
    wheel: (factor, point) => look(state.view, factor, point, point),
    tap: (point) => {
      viewer.set({ crosshair: pixel(point), pointer: null });
      viewer.speak();
    },
    hover: (point) => {
      state.pointer = point && pixel(point);
      viewer.draw();
    },
  };
}

/** A key, wherever the focus is; arrows belong to the stage, so that sliders keep theirs. */
export function press(viewer, event) {
  // Streamlit has keys of its own for the page behind.
  event.stopPropagation();
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const from = event.composedPath()[0];
  const onStage = from === viewer.parts.stage;
  const act = {
    "+": () => zoomBy(viewer, ZOOM),
    "=": () => zoomBy(viewer, ZOOM),
    "-": () => zoomBy(viewer, 1 / ZOOM),
    "0": () => showAll(viewer),
  }[event.key] ?? (onStage ? stageKey(viewer, event) : undefined);
  if (!act) return;
  event.preventDefault();
  act();
}

function stageKey(viewer, event) {
  const arrow = ARROWS[event.key];
  if (arrow) return () => (event.shiftKey ? pan(viewer, ...arrow) : moveCrosshair(viewer, ...arrow));
  if (event.key === "s" || event.key === "S") return () => findStrongest(viewer);
  if (event.key === " " && viewer.state.mode === "blink") return () => actionsOf(viewer).swap();
  return undefined;
}

/** About the crosshair where that is seen, else about the middle. */
function zoomBy(viewer, factor) {
  const { view } = viewer.state, { scan } = viewer.store.header, { pane } = viewer;
  const crosshair = pointOf(middleOf(viewer.cursor), view, scan, pane);
  const point = isWithin(crosshair, pane) ? crosshair : { x: pane.width / 2, y: pane.height / 2 };
  viewer.set({ view: hold(view, factor, point, point, scan, pane) });
}

function showAll(viewer) {
  const { scan } = viewer.store.header;
  viewer.set({ view: { x: scan.columns / 2, y: scan.rows / 2, zoom: 1 } });
}

function pan(viewer, down, across) {
  const { scan } = viewer.store.header, { pane } = viewer;
  const to = { x: -PAN * across * pane.width, y: -PAN * down * pane.height };
  viewer.set({ view: hold(viewer.state.view, 1, { x: 0, y: 0 }, to, scan, pane) });
}

/** By one cell of the map that is seen first. */
function moveCrosshair(viewer, down, across) {
  const { scan } = viewer.store.header, { row, column } = viewer.cursor;
  const step = stepOf(viewer.store.find(viewer.state.main));
  goTo(viewer, pixelAt({ y: row + down * step.rows + 0.5, x: column + across * step.columns + 0.5 }, scan));
}

function findStrongest(viewer) {
  const map = viewer.store.find(viewer.state.main);
  if (viewer.store.valuesOf(map)) goTo(viewer, viewer.store.strongestOf(map));
}

/** The crosshair at a pixel, and the view moved where it would not be seen. */
function goTo(viewer, crosshair) {
  const { view } = viewer.state, { scan } = viewer.store.header, { pane } = viewer;
  const at = middleOf(crosshair);
  const seen = isWithin(pointOf(at, view, scan, pane), pane) ? view : keepWithin({ ...view, ...at }, scan, pane);
  viewer.set({ crosshair, pointer: null, view: seen });
  viewer.speak();
}

function middleOf({ row, column }) {
  return { x: column + 0.5, y: row + 0.5 };
}

function isWithin({ x, y }, pane) {
  return x >= 0 && y >= 0 && x <= pane.width && y <= pane.height;
}
