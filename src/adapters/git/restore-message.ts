import type { RestoreRequest } from '../../ports/git';
import { invalid } from './invalid';

const listed = 20;

/** The idempotency key of a write-back. */
export const runTrailer = 'Belay-Run';

/** The commit message: subject, body, what else is taken back, and the trailers as the last paragraph. */
export function restoreMessage(request: RestoreRequest, alsoReverted: readonly string[]): string {
  const paragraphs = [
    oneLine(request.subject),
    request.body.trim(),
    alsoParagraph(alsoReverted),
    trailers(request),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

function alsoParagraph(revisions: readonly string[]): string {
  if (revisions.length === 0) return '';
  const rest = revisions.length - listed;
  return [
    'This also takes back what these commits changed below the path:',
    ...revisions.slice(0, listed).map((revision) => `- ${revision}`),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n');
}

function trailers(request: RestoreRequest): string {
  return Object.entries(request.trailers)
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
