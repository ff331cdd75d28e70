/* Lines along which a map has a value, between the middles of its cells. */

/** The lines of a level as pieces, each four numbers: x and y of one end and of the other, in native pixels. */
export function contourOf(values, map, level) {
  const [top, left, height, width] = map.box;
  const across = width / map.columns, down = height / map.rows;
  const pieces = [];
  for (let row = 0; row + 1 < map.rows; row++) {
    for (let column = 0; column + 1 < map.columns; column++) {
      const ends = crossings(values, row * map.columns + column, map.columns, level);
      for (let at = 0; at + 1 < ends.length; at += 2) {
        for (const [x, y] of [ends[at], ends[at + 1]]) pieces.push(left + (column + x + 0.5) * across, top + (row + y + 0.5) * down);
      }
    }
  }
  return pieces;
}

/** Where the level crosses the edges of the square between four cells, from 0 to 1, two by two what belongs together. */
function crossings(values, at, columns, level) {
  const corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
  const above = corners.map((value) => value > level);
  if (above.every(Boolean) || !above.some(Boolean)) return [];
  // Clockwise from the upper edge, each as it is walked.
  const place = [(share) => [share, 0], (share) => [1, share], (share) => [1 - share, 1], (share) => [0, 1 - share]];
  const found = [];
  for (let edge = 0; edge < 4; edge++) {
    const [from, to] = [corners[edge], corners[(edge + 1) % 4]];
    if (above[edge] !== above[(edge + 1) % 4]) found.push(place[edge]((level - from) / (to - from)));
  }
  // At a saddle the two higher corners are kept apart.
  if (found.length === 4 && !above[0]) return [found[0], found[1], found[2], found[3]];
  return found.length === 4 ? [found[3], found[0], found[1], found[2]] : found;
}
