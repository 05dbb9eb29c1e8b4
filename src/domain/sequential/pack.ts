/** Numbers as short texts, so that the state of many tests fits into a workflow's state. A foreign character reads as 0. */
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values = new Map([...digits].map((digit, value) => [digit.charCodeAt(0), value]));
const perNumber = 5;
const scale = 1e5;
/** Half of what 5 digits hold: numbers from -5368 to 5368 in steps of a hundred-thousandth. */
const middle = 2 ** 29;

/** Five characters a number, rounded to a hundred-thousandth: e^0.00001 is nothing to decide on. */
export function packNumbers(numbers: Float64Array): string {
  let text = '';
  for (const number of numbers) {
    const rounded = Number.isNaN(number) ? 0 : Math.round(number * scale);
    const shifted = Math.max(0, Math.min(2 * middle - 1, rounded + middle));
    text += digit(shifted >> 24) + digit((shifted >> 18) & 63) + digit((shifted >> 12) & 63);
    text += digit((shifted >> 6) & 63) + digit(shifted & 63);
  }
  return text;
}

export function unpackNumbers(text: string): Float64Array {
  const numbers = new Float64Array(Math.floor(text.length / perNumber));
  for (let i = 0; i < numbers.length; i++) {
    let shifted = 0;
    for (let j = i * perNumber; j < (i + 1) * perNumber; j++) shifted = shifted * 64 + valueAt(text, j);
    numbers[i] = (shifted - middle) / scale;
  }
  return numbers;
}

/** Whole numbers from 0 to 2^53, small ones in fewer characters: five bits each, the sixth says that more follow. */
export function packCounts(counts: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < counts.length; i++) {
    let rest = Math.round(counts[i] ?? 0);
    for (; rest >= 32; rest = Math.floor(rest / 32)) text += digit((rest % 32) + 32);
    text += digit(rest);
  }
  return text;
}

export function unpackCounts(text: string): number[] {
  const counts: number[] = [];
  let [count, unit] = [0, 1];
  for (let i = 0; i < text.length; i++) {
    const value = valueAt(text, i);
    count += (value % 32) * unit;
    unit *= 32;
    if (value >= 32) continue;
    counts.push(count);
    [count, unit] = [0, 1];
  }
  return counts;
}

function digit(value: number): string {
  return digits.charAt(value);
}

function valueAt(text: string, index: number): number {
  return values.get(text.charCodeAt(index)) ?? 0;
}
