import { posix } from 'node:path';
import type { Problem } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';
import { cutComplaint } from './complaint';

/**
 * The output of `helm template` as one file for each template, by the `# Source:` comments that Helm writes: the chart's name in
 * them gives way to `directory`, so that the paths are those of the repository.
 */
export function splitTemplates(output: string, directory: string): TreeFile[] {
  const files = new Map<string, string[]>();
  for (const part of output.split(/^---\r?\n(?=# Source: )/m)) {
    const [, source] = /^# Source: (.+)/.exec(part) ?? [];
    if (part.trim() === '' || (source === undefined && part.trim() === '---')) continue;
    const path =
      source === undefined ? posix.join(directory, 'templates (built).yaml') : fileOf(source, directory);
    files.set(path, [...(files.get(path) ?? []), part.endsWith('\n') ? part : `${part}\n`]);
  }
  return [...files].map(([path, parts]) => ({ path, content: parts.join('---\n') }));
}

/** `web/templates/deployment.yaml` of the chart in `deploy/web` is `deploy/web/templates/deployment.yaml`. */
function fileOf(source: string, directory: string): string {
  const inside = source.trim().split('/').slice(1).join('/');
  const path = posix.normalize(`/${inside.replaceAll(/\p{Cc}/gu, '')}`).slice(1);
  return posix.join(directory, /\.(?:ya?ml|json)$/.test(path) ? path : `${path}.yaml`);
}

/** Reads the place out of what Helm complains about: `(web/templates/x.yaml:5:4)`, `YAML parse error on web/templates/x.yaml`. */
export function explainTemplate(stderr: string, directory: string): Problem {
  const text = stderr.replaceAll(/^(?:WARNING|level=|time=|walk\.go).*\n/gm, '').trim();
  const said = text
    .replace(/^Error: /, '')
    .replace(/\s*Use --debug flag.*$/s, '')
    .trim();
  const [, named = '', line] =
    /([\w.-]+\/(?:charts\/[\w./-]*)?(?:templates|crds)\/[^\s:"<>()]+)(?::(\d+))?/.exec(said) ?? [];
  return {
    code: 'InvalidSpec',
    file: named === '' ? directory : posix.join(directory, named.split('/').slice(1).join('/')),
    ...(line !== undefined && { line: Number(line) }),
    message: `helm: ${cutComplaint(said).replaceAll(/(?:\.\/)?repo\/(?=\S)/g, '')}`,
    remedy: 'correct the template, or the values it is given',
  };
}
