import type { RestoreRequest } from '../../ports/git';
import { invalid } from './invalid';
import type { ListedCommit } from './list-commits';
import { pathsOf } from './restore-parts';

const listed = 20;
/** Characters of another commit's subject. */
const widest = 72;

/** The idempotency key of a write-back. */
export const runTrailer = 'Belay-Run';
export const coAuthorTrailer = 'Co-authored-by';

/** What the message of a write-back says beyond the request. */
export interface RestoreFacts {
  readonly others: readonly ListedCommit[];
  /** `Name <address>` each. */
  readonly coAuthors: readonly string[];
}

/** The commit message: subject, body, what else is taken back, and the trailers as the last paragraph. */
export function restoreMessage(request: RestoreRequest, { others, coAuthors }: RestoreFacts): string {
  const paragraphs = [
    oneLine(request.subject),
    request.body.replace(/[^\P{Cc}\n]/gu, ' ').trim(),
    alsoParagraph(others, pathsOf(request).length),
    trailers([
      ...Object.entries(request.trailers),
      ...coAuthors.map((author) => [coAuthorTrailer, author] as const),
    ]),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

function alsoParagraph(others: readonly ListedCommit[], paths: number): string {
  if (others.length === 0) return '';
  const rest = others.length - listed;
  return [
    `This also takes back what these commits changed below the path${paths === 1 ? '' : 's'}:`,
    ...others
      .slice(0, listed)
      .map(({ revision, subject }) => `- ${revision.slice(0, 12)} ${quoted(subject)}`.trimEnd()),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n');
}

/**
 * The subject of somebody's commit as a part of ours: one line, cut, and without what forges act on: `[skip ci]` would keep the checks
 * from running, and `fixes #12` would close an issue.
 */
function quoted(subject: string): string {
  const inert = oneLine(subject.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, ' '))
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replace(/#(?=\d)/g, '# ');
  const characters = [...inert];
  return characters.length > widest ? `${characters.slice(0, widest - 1).join('')}…` : inert;
}

function trailers(entries: readonly (readonly [string, string])[]): string {
  return entries
    .map(([key, value]) => {
      if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key))
        throw invalid(`trailer ${JSON.stringify(key)} is not a word of letters, digits and dashes`);
      return `${key}: ${oneLine(value)}`;
    })
    .join('\n');
}

/** A line break in a trailer would end the paragraph, and with it hide the idempotency key. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
