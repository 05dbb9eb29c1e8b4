import type { Problem } from './problem';

/** As many as a person reads; together with their texts far below what a payload may hold (128 KiB). */
const most = 50;
/** Characters of one field of a problem: some answers of API servers name every value that would be allowed. */
const longestText = 600;

/** `a, b, c and 4 more`: for a sentence. */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** The first names, and how many more there are: for results that travel through a history. Nobody decides by what is left out. */
export function fewNames(names: readonly string[]): readonly string[] {
  if (names.length <= most) return names;
  return [...names.slice(0, most - 1), `… and ${names.length - most + 1} more`];
}

/** The first problems with their texts cut, and in the last one how many more there are, of its code. */
export function fewProblems(problems: readonly Problem[]): readonly Problem[] {
  const first = problems.slice(0, problems.length > most ? most - 1 : most).map(short);
  const next = problems[first.length];
  if (next === undefined) return first;
  const message = `… and ${problems.length - first.length} more problems`;
  return [...first, { code: next.code, message, remedy: 'mend these first, and look again' }];
}

function short(problem: Problem): Problem {
  const { message, object, field, value, remedy } = problem;
  const texts = Object.entries({ message, object, field, value, remedy }).flatMap(([name, text]) =>
    text === undefined || text.length <= longestText ? [] : [[name, `${text.slice(0, longestText - 1)}…`]],
  );
  return texts.length === 0 ? problem : { ...problem, ...(Object.fromEntries(texts) as Partial<Problem>) };
}
