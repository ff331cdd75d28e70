/* The tour: a card that goes from place to place. It starts once for each TOUR.number, computes nothing and asks the
   server nothing. That it was seen is kept in this browser alone, and hides the offer on the first page. */
(() => {
  const seen = "lightbox.tour";
  const root = document.documentElement;
  const mark = () => root.classList.toggle("lightbox-toured", localStorage.getItem(seen) === "seen");
  try { mark(); } catch { /* a browser that keeps nothing offers the tour each time */ }
  if (!TOUR.number || window.lightboxTour === TOUR.number) return;
  window.lightboxTour = TOUR.number;
  document.querySelector(".lightbox-tour")?.end();
  document.querySelectorAll("[data-testid=stPopoverButton][aria-expanded=true]").forEach((button) => button.click());

  const make = (name, attributes, parent) => {
    const element = Object.assign(document.createElement(name), attributes);
    parent.append(element);
    return element;
  };
  const before = document.activeElement;
  const path = location.pathname;
  const layer = make("div", { className: "lightbox-tour" }, document.body);
  const ring = make("div", { className: "lightbox-tour-ring" }, layer);
  const card = make("div", { className: "lightbox-tour-card", tabIndex: -1 }, layer);
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-live", "polite");
  const title = make("h3", { id: "lightbox-tour-title" }, card);
  card.setAttribute("aria-labelledby", title.id);
  const text = make("p", {}, card);
  const row = make("div", { className: "lightbox-tour-row" }, card);
  const place = make("span", {}, row);
  const [end, back, next] = TOUR.buttons.slice(0, 3).map((words) => make("button", { type: "button", textContent: words }, row));
  const app = getComputedStyle(document.querySelector(".stApp"));
  card.style.background = app.backgroundColor;
  card.style.color = app.color;

  let step = 0;
  let target = null;
  const find = () => document.querySelector(TOUR.steps[step].target);
  const show = (number) => {
    step = Math.min(Math.max(number, 0), TOUR.steps.length - 1);
    title.textContent = TOUR.steps[step].title;
    text.textContent = TOUR.steps[step].text;
    place.textContent = `${step + 1} / ${TOUR.steps.length}`;
    back.disabled = step === 0;
    next.textContent = step === TOUR.steps.length - 1 ? TOUR.buttons[3] : TOUR.buttons[2];
    target = null;
    next.focus({ preventScroll: true });
  };
  const finish = () => {
    try { localStorage.setItem(seen, "seen"); mark(); } catch { /* see above */ }
    clearInterval(timer);
    removeEventListener("keydown", press, true);
    layer.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  layer.end = finish;
  // Over the tour: the large view of a map, or a dialog of the page. Its keys are its own.
  const covered = () => document.querySelector('#lightbox-viewer, [data-testid="stDialog"]');
  const press = (event) => {
    if (covered()) return;
    const does = { Escape: finish, ArrowRight: () => show(step + 1), ArrowLeft: () => show(step - 1) }[event.key];
    if (does) does();
    else if (event.key === "Tab") {
      const all = [end, back, next].filter((button) => !button.disabled);
      const at = all.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
      all[(at + all.length) % all.length].focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // The page is drawn anew while maps come in, so the place is looked for again and again; without it there is no ring.
  const follow = () => {
    if (location.pathname !== path) return finish();
    const found = find();
    if (found && found !== target) found.scrollIntoView({ block: "center" });
    target = found;
    ring.hidden = !found;
    const box = found?.getBoundingClientRect();
    if (box) {
      Object.assign(ring.style, { left: `${box.left - 4}px`, top: `${box.top - 4}px`,
        width: `${box.width + 8}px`, height: `${box.height + 8}px` });
    }
    // Below the place, else above it, else over its lower end; on a phone at the edge that leaves more of it to see.
    const { offsetWidth: width, offsetHeight: height } = card;
    const low = innerHeight - height - 12;
    let top = low;
    if (box && box.bottom + 12 <= low) top = box.bottom + 12;
    else if (box && box.top - height - 12 >= 12) top = box.top - height - 12;
    const left = box ? Math.min(Math.max(box.left, 12), innerWidth - width - 12) : (innerWidth - width) / 2;
    Object.assign(card.style, { top: `${Math.max(12, top)}px`, left: `${Math.max(12, left)}px` });
  };
  end.addEventListener("click", finish);
  back.addEventListener("click", () => show(step - 1));
  next.addEventListener("click", () => (step === TOUR.steps.length - 1 ? finish() : show(step + 1)));
  addEventListener("keydown", press, true);
  const timer = setInterval(follow, 100);
  show(0);
  follow();
})();
