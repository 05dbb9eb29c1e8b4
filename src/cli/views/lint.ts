import { describeFinding, type LintFinding, type Severity } from '../../domain/lint/finding';
import type { Style } from '../output/style';

/** `k8s/web.yaml:12: error: Rollout web: spec.replicas: …; remedy` for each finding. */
export function lintLines(findings: readonly LintFinding[], style: Style): readonly string[] {
  const emphasis: Readonly<Record<Severity, (text: string) => string>> = {
    error: style.bad,
    warning: style.busy,
    note: style.dim,
  };
  return findings.map((finding) => {
    const { file = '', line, severity } = finding;
    const place = line === undefined ? file : `${file}:${line}`;
    return `${style.bold(`${place}:`)} ${emphasis[severity](`${severity}:`)} ${describeFinding(finding)}`;
  });
}

/** `2 errors, 1 warning in 5 files`. */
export function lintSummary(findings: readonly LintFinding[], files: number, style: Style): string {
  const counted = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  const found = counted.length === 0 ? style.good('nothing to mend') : counted.join(', ');
  return `${found} in ${plural(files, 'file')}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
