import { wrong } from './failure';

/** As Go writes the floats that JavaScript reads otherwise. */
const special: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** The number that a text is; `complaint` is the failure where it is none. */
export function numberIn(text: string, complaint: string): number {
  const number = special[text] ?? Number(text);
  if (Number.isNaN(number) && text !== 'NaN') throw wrong(complaint);
  return number;
}
