/* Mouse and fingers over a pane. Points are in CSS pixels from the pane's upper left corner. */

// A finger that moves less than this has tapped.
const TAP = 6;
const WHEEL = 0.0015;

/** Follow the pointers over a canvas. `on` answers: `grab(point)` whether a drag that begins there is its own, `pull`,
    `drag(from, to)`, `spread()` where two fingers are down, `pinch(factor, from, to)` since then, with their middles,
    `tap(point)`, `hover(point or null)`, `wheel(factor, point)`. */
export function followPointers(canvas, on) {
  const down = new Map();
  let travelled = 0, grabbed = false, pinched = false, began = null;
  const pointAt = (event) => {
    const corner = canvas.getBoundingClientRect();
    return { x: event.clientX - corner.left, y: event.clientY - corner.top };
  };
  const spread = () => {
    const [one, other] = [...down.values()];
    return {
      distance: Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)),
      middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
    };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, pointAt(event));
    if (down.size === 1) {
      travelled = 0;
      pinched = false;
      grabbed = on.grab(pointAt(event));
    } else {
      pinched = true;
      began = spread();
      on.spread();
    }
    on.hover(null);
  });

  canvas.addEventListener("pointermove", (event) => {
    const point = pointAt(event), before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") on.hover(point);
      return;
    }
    if (down.size === 2) {
      down.set(event.pointerId, point);
      const now = spread();
      on.pinch(now.distance / began.distance, began.middle, now.middle);
      return;
    }
    travelled += Math.hypot(point.x - before.x, point.y - before.y);
    if (!grabbed && travelled < TAP) return;
    down.set(event.pointerId, point);
    if (grabbed) on.pull(point);
    else on.drag(before, point);
  });

  const lift = (event) => {
    if (!down.delete(event.pointerId)) return;
    const tapped = event.type === "pointerup" && down.size === 0 && !pinched && !grabbed && travelled < TAP;
    if (tapped) on.tap(pointAt(event));
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => { if (down.size === 0) on.hover(null); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    on.wheel(Math.exp(-event.deltaY * WHEEL * (event.deltaMode === 1 ? 30 : 1)), pointAt(event));
  }, { passive: false });
}
