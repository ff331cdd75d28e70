/* One pane: the scan, the map over it, the outline, the crosshair. */

const OUTLINE = "rgb(34, 197, 94)", EDGE = "rgba(0, 0, 0, 0.6)", CROSSHAIR = "#ffffff";
// From here on a pixel of the scan is drawn as the square that it is.
const SQUARE_FROM = 3;

/** A picture of its own, of RGBA bytes. */
export function pictureOf(bytes, columns, rows) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d").putImageData(new ImageData(bytes, columns, rows), 0, 0);
  return canvas;
}

/** The picture with no side longer than `most`: a small pane need not shrink a large one at each drawing. */
export function smaller(picture, most) {
  const factor = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * factor));
  canvas.height = Math.max(1, Math.round(picture.height * factor));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The canvas in CSS pixels, with as many dots as the screen has there. */
export function measure(canvas) {
  const pane = { width: Math.max(1, canvas.clientWidth), height: Math.max(1, canvas.clientHeight) };
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(pane.width * ratio), Math.round(pane.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { ...pane, ratio };
}

/** Draw a pane. `scene` has what all panes share, `cover` what of the map is drawn: its `layer`, its `contours`, or none. */
export function drawPane(canvas, scene, map, cover, { small = false } = {}) {
  const pane = measure(canvas);
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const wiped = scene.mode === "wipe" && !small;
  if (scene.mode !== "map" || small) drawScan(context, scene, pane, small);
  if (cover.layer) drawLayer(context, scene, pane, map, cover.layer, wiped);
  context.setTransform(pane.ratio, 0, 0, pane.ratio, 0, 0);
  for (const contour of cover.contours ?? []) drawContour(context, scene, pane, contour);
  if (!small) {
    if (map.outlined) drawOutline(context, scene, pane);
    drawSides(context, scene, pane);
  }
  drawCrosshair(context, scene, pane, small);
  if (wiped) drawDivider(context, scene, pane);
}

/** Where the divider of a wipe stands in a pane. */
export function dividerOf(scene, pane) {
  return scene.wipe * pane.width;
}

function inNativePixels(context, scene, pane) {
  const scale = fit(scene.scan, pane) * scene.view.zoom;
  const origin = pointOf({ x: 0, y: 0 }, scene.view, scene.scan, pane);
  const dots = pane.ratio;
  context.setTransform(dots * scale, 0, 0, dots * scale, dots * origin.x, dots * origin.y);
  return scale * dots;
}

function drawScan(context, scene, pane, small) {
  const { scan } = scene;
  const dots = inNativePixels(context, scene, pane);
  const wanted = dots * scan.columns;
  const picture = small && wanted <= scene.smallPicture.width ? scene.smallPicture : scene.picture;
  context.imageSmoothingEnabled = wanted / picture.width < SQUARE_FROM;
  context.imageSmoothingQuality = "medium";
  context.drawImage(picture, 0, 0, scan.columns, scan.rows);
}

function drawLayer(context, scene, pane, map, layer, wiped) {
  const [top, left, height, width] = map.box;
  context.save();
  if (wiped) {
    context.setTransform(pane.ratio, 0, 0, pane.ratio, 0, 0);
    context.beginPath();
    context.rect(dividerOf(scene, pane), 0, pane.width, pane.height);
    context.clip();
  }
  inNativePixels(context, scene, pane);
  context.imageSmoothingEnabled = false;
  context.globalAlpha = scene.mode === "map" ? 1 : scene.opacity;
  context.drawImage(layer, left, top, width, height);
  context.restore();
}

function drawContour(context, scene, pane, { pieces, colour, width }) {
  const scale = fit(scene.scan, pane) * scene.view.zoom;
  const { x, y } = pointOf({ x: 0, y: 0 }, scene.view, scene.scan, pane);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (let at = 0; at < pieces.length; at += 4) {
    context.moveTo(x + pieces[at] * scale, y + pieces[at + 1] * scale);
    context.lineTo(x + pieces[at + 2] * scale, y + pieces[at + 3] * scale);
  }
  context.stroke();
}

function drawOutline(context, scene, pane) {
  for (const [colour, width] of [[EDGE, 3.5], [OUTLINE, 1.75]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const line of scene.outline) {
      line.forEach(([y, x], index) => {
        const point = pointOf({ x, y }, scene.view, scene.scan, pane);
        if (index === 0) context.moveTo(point.x, point.y);
        else context.lineTo(point.x, point.y);
      });
    }
    context.stroke();
  }
}

/** The letters of the patient's sides, where the file states them. */
function drawSides(context, scene, pane) {
  const [left, right, above, below] = scene.scan.sides ?? ["", "", "", ""];
  const [x, y] = [pane.width / 2, pane.height / 2];
  context.font = "bold 15px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.strokeStyle = "#000";
  context.fillStyle = CROSSHAIR;
  context.lineWidth = 3;
  for (const [letter, atX, atY] of [[left, 12, y], [right, pane.width - 12, y], [above, x, 12], [below, x, pane.height - 12]]) {
    context.strokeText(letter, atX, atY);
    context.fillText(letter, atX, atY);
  }
}

function drawCrosshair(context, scene, pane, small) {
  const { row, column } = scene.cursor;
  const { x, y } = pointOf({ x: column + 0.5, y: row + 0.5 }, scene.view, scene.scan, pane);
  const gap = small ? 3 : 10;
  for (const [colour, width] of [[EDGE, 3], [CROSSHAIR, 1]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [fromX, fromY, toX, toY] of [
      [0, y, x - gap, y], [x + gap, y, pane.width, y], [x, 0, x, y - gap], [x, y + gap, x, pane.height],
    ]) {
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
    }
    context.stroke();
  }
}

function drawDivider(context, scene, pane) {
  const x = dividerOf(scene, pane), middle = pane.height / 2;
  context.fillStyle = EDGE;
  context.fillRect(x - 2, 0, 4, pane.height);
  context.fillStyle = CROSSHAIR;
  context.fillRect(x - 1, 0, 2, pane.height);
  context.beginPath();
  context.arc(x, middle, 11, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#000";
  context.font = "bold 13px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("⇔", x, middle + 1);
}
