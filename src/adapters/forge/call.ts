import { rememberSecrets } from '../../ports/known-secrets';

export type { Answer, Call } from '../forge-api/call';

/** `Basic` of a user and a password. */
export function basic(user: string, password: string): string {
  const pair = Buffer.from(`${user}:${password}`).toString('base64');
  rememberSecrets(pair);
  return `Basic ${pair}`;
}

/** Segments of a path, each as one segment of a URL. */
export function segments(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** At most `length` characters, the last one an ellipsis where something is left out. */
export function cut(text: string, length: number): string {
  const characters = [...text.replaceAll(/\s+/g, ' ').trim()];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}
