import { posix } from 'node:path';
import type { TreeFile } from '../../ports/git';

const annotation = 'config.kubernetes.io/origin:';

/**
 * The output of `kustomize build` with origin annotations as one file for each file that objects come from, named as in Git;
 * generated objects are in `<directory>/kustomization (built).yaml`. The annotations are taken out again unless `keep`.
 * Kustomize writes every object in one form (keys sorted, two spaces, an annotation's text as a block), which is relied on here.
 */
export function splitBuilt(output: string, directory: string, keep: boolean): TreeFile[] {
  const files = new Map<string, string[]>();
  for (const document of output.split(/^---\n/m)) {
    if (document.trim() === '') continue;
    const { text, origin } = takeOrigin(document);
    const path = fileOf(origin, directory);
    files.set(path, [...(files.get(path) ?? []), keep ? document : text]);
  }
  return [...files].map(([path, documents]) => ({ path, content: documents.join('---\n') }));
}

interface Origin {
  readonly path?: string;
  readonly configuredIn?: string;
}

/** The document without the annotation, and what the annotation says. */
function takeOrigin(document: string): { text: string; origin: Origin } {
  const lines = document.split('\n');
  const metadata = lines.indexOf('metadata:');
  const start = metadata < 0 ? -1 : lines.findIndex((line, index) => index > metadata && isOrigin(line));
  const inMetadata = lines.slice(metadata + 1, start).every((line) => /^ /.test(line));
  if (start < 0 || !inMetadata) return { text: document, origin: {} };
  let end = start + 1;
  while (/^ {6}/.test(lines[end] ?? '')) end++;
  const value = (key: string) =>
    lines.slice(start + 1, end).flatMap((line) => {
      const found = new RegExp(`^ {6}${key}: (.+)$`).exec(line)?.[1];
      return found === undefined ? [] : [found.replace(/^(['"])(.*)\1$/, '$2')];
    })[0];
  const alone = lines[start - 1] === '  annotations:' && !/^ {4}\S/.test(lines[end] ?? '');
  const from = alone ? start - 1 : start;
  let text = [...lines.slice(0, from), ...lines.slice(end)].join('\n');
  if (alone) text = text.replace(/^metadata:\n(?! )/m, 'metadata: {}\n');
  const [path, configuredIn] = [value('path'), value('configuredIn')];
  return {
    text,
    origin: { ...(path !== undefined && { path }), ...(configuredIn !== undefined && { configuredIn }) },
  };
}

function isOrigin(line: string): boolean {
  return line.startsWith(`    ${annotation} |`);
}

function fileOf({ path, configuredIn }: Origin, directory: string): string {
  const inGit = (relative: string): string => posix.normalize(posix.join(directory, relative));
  if (path !== undefined && /\.(?:ya?ml|json)$/.test(path)) return inGit(path);
  const folder = posix.dirname(inGit(configuredIn ?? path ?? 'kustomization.yaml'));
  return posix.join(folder, 'kustomization (built).yaml');
}
