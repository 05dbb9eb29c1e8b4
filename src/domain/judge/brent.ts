interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A zero of `f` between two points at which it has opposite signs, to within `tolerance`: Brent's method (Algorithms for Minimization
 * without Derivatives, chapter 4). On a staircase the answer depends on the path taken, so the order of comparisons is the book's.
 */
export function findZero(f: (x: number) => number, left: Point, right: Point, tolerance: number): number {
  if (left.y === 0) return left.x;
  if (right.y === 0) return right.x;
  let [previous, best, other] = [left, right, left];
  for (let round = 0; round <= 1000; round += 1) {
    const step = best.x - previous.x;
    if (Math.abs(other.y) < Math.abs(best.y)) [previous, best, other] = [best, other, best];
    const least = 2 * Number.EPSILON * Math.abs(best.x) + tolerance / 2;
    const middle = (other.x - best.x) / 2;
    if (Math.abs(middle) <= least || best.y === 0) return best.x;
    let next = middle;
    if (Math.abs(step) >= least && Math.abs(previous.y) > Math.abs(best.y)) {
      const { up, down } = interpolate(previous, best, other);
      const isInside = up < 0.75 * (other.x - best.x) * down - Math.abs(least * down) / 2;
      if (isInside && up < Math.abs((step * down) / 2)) next = up / down;
    }
    if (Math.abs(next) < least) next = next > 0 ? least : -least;
    previous = best;
    const x = best.x + next;
    best = { x, y: f(x) };
    if (best.y * other.y > 0) other = previous;
  }
  return best.x;
}

/** The step from `best` as a fraction with a numerator that is not negative: a secant, or a parabola through three points. */
function interpolate(previous: Point, best: Point, other: Point): { up: number; down: number } {
  const width = other.x - best.x;
  let up: number;
  let down: number;
  if (previous.x === other.x) {
    const share = best.y / previous.y;
    up = width * share;
    down = 1 - share;
  } else {
    const [q, s, t] = [previous.y / other.y, best.y / other.y, best.y / previous.y];
    up = t * (width * q * (q - s) - (best.x - previous.x) * (s - 1));
    down = (q - 1) * (s - 1) * (t - 1);
  }
  return up > 0 ? { up, down: -down } : { up: -up, down };
}
