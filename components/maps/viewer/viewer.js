/* One viewer for the page, drawn outside of it: how it is opened and closed, and what the server tells it. */

let showing = null, opener = null, wanted = null, ask = () => {}, lastMount = 0, listening = false, goingBack = false;
const store = new Store(() => showing?.arrived());

/** Called by Streamlit with each message. */
export default function ({ data, setTriggerValue }) {
  const mount = ++lastMount;
  ask = (have) => setTriggerValue("asked", { have });
  listen();
  if (data) store.receive(data);
  if (wanted?.isConnected && store.find(wanted.dataset.map)) open(wanted);
  // Another page, or the scan is gone: nothing of it stays. A component that was only moved is back by then.
  return () => setTimeout(() => { if (mount === lastMount) leave(); }, 300);
}

function leave() {
  showing?.parts.dialog.close();
  store.forget();
}

/** Buttons and charts of the page open the viewer. */
function listen() {
  if (listening) return;
  listening = true;
  // Of an older script, where the program was changed while the page was open.
  window.lightboxViewer?.abort();
  const ending = new AbortController();
  window.lightboxViewer = ending;
  const options = { capture: true, signal: ending.signal };
  let pressed = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-map]");
    if (button) open(button);
  }, options);
  document.addEventListener("pointerdown", (event) => {
    const button = event.button === 0 && event.isPrimary && buttonOf(event.target);
    pressed = button ? { x: event.clientX, y: event.clientY, button } : null;
  }, options);
  document.addEventListener("pointerup", (event) => {
    // A chart swallows clicks, and a drag is its own.
    const still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < 4;
    if (still) setTimeout(open, 0, pressed.button);
    pressed = null;
  }, options);
  // Pressed, not reached by the keyboard, before this script was there.
  wanted = document.querySelector("button[data-map]:focus:not(:focus-visible)");
  document.addEventListener("pointercancel", () => { pressed = null; }, options);
  window.addEventListener("popstate", () => {
    if (!showing && !goingBack) return;
    if (location.hash === MARK) History.prototype.replaceState.call(history, history.state, "", address);
    goingBack = false;
    showing?.parts.dialog.close();
  }, options);
}

/* Back closes the view: it is an entry of its own, with the address of the page under it. Streamlit would run the page for
   the step back; it leaves alone what leads to the same settings with a mark after them, so there is one meanwhile. */
const MARK = "#closer";
let address = "";

function enter() {
  address = location.href.split("#")[0];
  const { pushState, replaceState } = History.prototype;
  // Streamlit's entries go through components/shell/history.js, which would take this for no step.
  replaceState.call(history, history.state, "", address + MARK);
  pushState.call(history, { ...history.state, lightboxViewer: true }, "", address);
}

/** Take the entry away again, where the view was closed in another way and nothing came on top of it. */
function retreat() {
  if (!history.state?.lightboxViewer) return;
  goingBack = true;
  history.back();
}

/** The button that belongs to the chart which an element is part of. */
function buttonOf(element) {
  const chart = element.closest?.(".stPlotlyChart");
  const buttons = chart ? [...document.querySelectorAll("button[data-map]")] : [];
  return buttons.find((button) => chart.closest(`[class$="-${button.dataset.picture}"], [class*="-${button.dataset.picture} "]`));
}

function open(button) {
  if (showing) return;
  // A map that has just been drawn: what the viewer has to know of it is on its way.
  wanted = store.find(button.dataset.map) ? null : button;
  if (wanted) return;
  opener = button;
  showing = new Showing(store, button.dataset.map, (have) => ask(have));
  const host = document.createElement("div");
  host.id = "lightbox-viewer";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  const { dialog, stage } = showing.parts;
  root.append(style, dialog);
  document.body.append(host);
  dialog.addEventListener("close", () => close(host));
  dialog.showModal();
  enter();
  stage.focus({ preventScroll: true });
  showing.arrived();
}

function close(host) {
  showing.end();
  showing = null;
  retreat();
  host.remove();
  // The page may have drawn the button anew meanwhile.
  const again = document.querySelector(`button[data-map="${opener.dataset.map}"]`);
  (opener.isConnected ? opener : again)?.focus();
}
