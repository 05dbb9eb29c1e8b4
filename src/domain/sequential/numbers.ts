/** Numbers as people read them. */

/** A share as a percentage with at most two significant digits: `0.1 %`, `4.8 %`, `37 %`. */
export function percent(share: number): string {
  return `${short(share * 100)} %`;
}

/** A number as a person wrote it. */
export function exact(value: number): string {
  return String(Number(value.toPrecision(10)));
}

/** Two significant digits; whole numbers from ten on. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return 'unbounded';
  if (Math.abs(value) >= 9.95) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}

/** A number that is only meant roughly, with thin groups of thousands: `1 400`. */
export function about(value: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return String(Math.ceil(value / unit) * unit).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Evidence as a number to compare with its limit, not above a million: `0.4`, `37`, `more than 1 000 000`. */
export function evidence(log: number): string {
  return log > Math.log(1e6) ? 'more than 1 000 000' : short(Math.exp(log));
}

/** A chance as one in so many: `1 of 100`. */
export function oneOf(chance: number): string {
  return `1 of ${Math.round(1 / chance)}`;
}
