/* Where things are: positions count in native pixels from the scan's upper left corner, rows and columns from 0. */

/** The largest zoom draws a native pixel so many CSS pixels wide. */
export const MOST_ENLARGED = 40;
const LEAST_ZOOM = 1;

/** CSS pixels of a native pixel where the whole scan is shown in a pane. */
export function fit(scan, pane) {
  return Math.min(pane.width / scan.columns, pane.height / scan.rows);
}

/** The view, `{x, y, zoom}` with the position in the middle of each pane, kept within the scan. */
export function keepWithin(view, scan, pane) {
  const whole = fit(scan, pane);
  const zoom = Math.min(Math.max(view.zoom, LEAST_ZOOM), Math.max(LEAST_ZOOM, MOST_ENLARGED / whole));
  const along = (centre, count, length) => {
    const half = length / (whole * zoom) / 2;
    return 2 * half >= count ? count / 2 : Math.min(Math.max(centre, half), count - half);
  };
  return { x: along(view.x, scan.columns, pane.width), y: along(view.y, scan.rows, pane.height), zoom };
}

/** The view zoomed by a factor, and moved so that what is drawn at the point `from` is drawn at the point `to`. */
export function hold(view, factor, from, to, scan, pane) {
  const at = positionAt(from, view, scan, pane);
  const { zoom } = keepWithin({ ...view, zoom: view.zoom * factor }, scan, pane);
  const scale = fit(scan, pane) * zoom;
  const moved = { x: at.x - (to.x - pane.width / 2) / scale, y: at.y - (to.y - pane.height / 2) / scale, zoom };
  return keepWithin(moved, scan, pane);
}

/** The position under a point of a pane. */
export function positionAt(point, view, scan, pane) {
  const scale = fit(scan, pane) * view.zoom;
  return { x: view.x + (point.x - pane.width / 2) / scale, y: view.y + (point.y - pane.height / 2) / scale };
}

/** The point of a pane where a position is drawn. */
export function pointOf(position, view, scan, pane) {
  const scale = fit(scan, pane) * view.zoom;
  return { x: pane.width / 2 + (position.x - view.x) * scale, y: pane.height / 2 + (position.y - view.y) * scale };
}

/** The pixel that holds a position, the nearest one for a position outside. */
export function pixelAt(position, scan) {
  const within = (at, count) => Math.min(Math.max(Math.floor(at), 0), count - 1);
  return { row: within(position.y, scan.rows), column: within(position.x, scan.columns) };
}

/** The cell of a map that the middle of a pixel lies in, as its index; -1 outside the map's box. */
export function cellAt(row, column, map) {
  const [top, left, height, width] = map.box;
  const down = Math.floor(((row + 0.5 - top) * map.rows) / height);
  const across = Math.floor(((column + 0.5 - left) * map.columns) / width);
  const inside = down >= 0 && across >= 0 && down < map.rows && across < map.columns;
  return inside ? down * map.columns + across : -1;
}

/** Of cells, the one in their middle: of equally strong ones, as in a superpixel, none is more the strongest than another. */
export function midmostOf(cells, columns) {
  const mean = (of) => cells.reduce((sum, cell) => sum + of(cell), 0) / cells.length;
  const row = (cell) => Math.floor(cell / columns), column = (cell) => cell % columns;
  const down = mean(row), across = mean(column);
  const distance = (cell) => (row(cell) - down) ** 2 + (column(cell) - across) ** 2;
  return cells.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best), cells[0]);
}

/** The pixel in the middle of a cell. */
export function pixelOfCell(index, map, scan) {
  const [top, left, height, width] = map.box;
  const down = Math.floor(index / map.columns), across = index % map.columns;
  return pixelAt({ y: top + ((down + 0.5) * height) / map.rows, x: left + ((across + 0.5) * width) / map.columns }, scan);
}

/** How many native pixels a cell is high and wide, at least one. */
export function stepOf(map) {
  return { rows: Math.max(1, Math.round(map.box[2] / map.rows)), columns: Math.max(1, Math.round(map.box[3] / map.columns)) };
}
