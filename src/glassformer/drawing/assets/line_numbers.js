/**
 * The weights of the strongest lines in numbers, each beside its line: never on its own line, on a
 * word or on another number, and on the thin lines of others only where there is no other place.
 */

/** @import { Link } from "./attention.js" */
/** @import { Box, Plan, Point } from "./placing.js" */

const NUMBERED = 12; // so many lines, the strongest, carry their number
const LEAST = 0.005; // smaller weights would be 0.00
const OBSTACLES = 150; // thinner lines than those of the strongest are too pale to be in the way
const WAY = Array.from({ length: 25 }, (_, n) => n / 24);
const PLACES = [19, 17, 21, 15, 13, 11, 9, 7, 5]; // points of the way; the first that is free is best
const [WIDTH, HEIGHT] = [26, 11];

/**
 * @typedef {object} Placed
 * @property {Link} link
 * @property {Point} at the middle of its baseline
 */

/**
 * Where the numbers of the strongest lines stand.
 * @param {{link: Link, curve: [Point, Point, Point, Point], width: number}[]} lines strongest first
 * @param {Plan} plan
 * @returns {Placed[]}
 */
export function placeNumbers(lines, plan) {
  const near = lines.slice(0, OBSTACLES).map(({ curve, width }) => ({
    points: WAY.map((t) => pointOf(curve, t)),
    half: width / 2,
  }));
  const words = plan.boxes();
  /** @type {Box[]} */
  const taken = [];
  /** @type {Placed[]} */
  const placed = [];
  lines.slice(0, NUMBERED).forEach(({ link }, own) => {
    if (link.weight < LEAST) return;
    let best = Infinity;
    /** @type {Box | null} */
    let found = null;
    PLACES.forEach((place, order) => {
      for (const side of [1, -1]) {
        const box = beside(near[own], place, side);
        if (box[0] < 0 || box[2] > plan.width || [...words, ...taken].some((other) => meet(box, other, 2))) continue;
        const crossed = near.filter((line, at) => at !== own && passes(line, box));
        if (passes(near[own], box) || crossed.some((line) => line.half >= 1.5)) continue;
        const cost = order + 8 * crossed.length + 5 * taken.filter((other) => meet(box, other, 8)).length;
        if (cost < best) [best, found] = [cost, box];
      }
    });
    if (!found) return;
    const [left, , right, bottom] = /** @type {Box} */ (found);
    taken.push(found);
    placed.push({ link, at: [(left + right) / 2, bottom - 1] });
  });
  return placed;
}

/**
 * A box for a number beside a point of a line.
 * @param {{points: Point[], half: number}} line
 * @param {number} place
 * @param {number} side
 * @returns {Box}
 */
function beside(line, place, side) {
  const [[x, y], [x1, y1], [x2, y2]] = [line.points[place], line.points[place - 1], line.points[place + 1]];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [nx, ny] = [(side * (y2 - y1)) / length, (-side * (x2 - x1)) / length];
  const away = line.half + 3 + (Math.abs(nx) * WIDTH) / 2 + (Math.abs(ny) * HEIGHT) / 2;
  const [across, down] = [x + nx * away, y + ny * away];
  return [across - WIDTH / 2, down - HEIGHT / 2, across + WIDTH / 2, down + HEIGHT / 2];
}

/**
 * @param {{points: Point[], half: number}} line
 * @param {Box} box
 */
function passes({ points, half }, [left, top, right, bottom]) {
  const reach = half + 0.5;
  return points.some(([x, y]) => x > left - reach && x < right + reach && y > top - reach && y < bottom + reach);
}

/**
 * @param {Box} a
 * @param {Box} b
 * @param {number} apart
 */
function meet(a, b, apart) {
  return a[0] < b[2] + apart && b[0] < a[2] + apart && a[1] < b[3] + apart && b[1] < a[3] + apart;
}

/**
 * @param {[Point, Point, Point, Point]} curve
 * @param {number} t
 * @returns {Point}
 */
function pointOf([a, b, c, d], t) {
  const [p, q, r, s] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
  return [p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1]];
}
