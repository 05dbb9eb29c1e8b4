import { nameOf, refOf } from '../kube-object';
import { readOf, type Located } from '../located';
import type { Problem } from '../problem';
import { cut } from '../read-json';
import { readFieldName } from './field-path';
import type { PolicyFinding, PolicyFlaw, RulePlace } from './findings';

/** What a check of policies comes to: with any problem, nothing of the revision may be written. */
export interface PolicyVerdict {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** A person's message, not a dump. */
const longestMessage = 500;

/** Findings and flaws as problems with the place in Git; `objects` are those that the findings number. */
export function policyVerdict(
  objects: readonly Located[],
  { findings, flaws }: { readonly findings: readonly PolicyFinding[]; readonly flaws: readonly PolicyFlaw[] },
): PolicyVerdict {
  const of = (severity: PolicyFinding['severity']): readonly Problem[] =>
    findings.filter((each) => each.severity === severity).map((each) => problemOf(objects, each));
  return {
    problems: bounded([...flaws.map((each) => flawProblem(objects, each)), ...of('deny')]),
    warnings: bounded(of('warn')),
  };
}

function problemOf(objects: readonly Located[], finding: PolicyFinding): Problem {
  const { object, message, field, rule } = finding;
  const located = object === undefined ? undefined : objects[object];
  const text = `${short(message)} (rule ${rule} of ${placeOf(finding)})`;
  const about = {
    code: 'PolicyViolation',
    message: text,
    ...(field === undefined ? {} : { field }),
  } as const;
  if (located === undefined) return about;
  const path = field === undefined ? undefined : readFieldName(field);
  const line = (path && located.lineOf(path)) ?? located.line;
  return { ...about, file: located.file, line, object: nameOf(refOf(located.object)) };
}

/** An application's own policy is mended in its repository, so the problem is at the policy; the worker's is not to be found there. */
function flawProblem(objects: readonly Located[], flaw: PolicyFlaw): Problem {
  const { file, line, isWorkers, object } = flaw;
  const located = object === undefined ? undefined : objects[object];
  const on =
    located === undefined ? '' : ` on ${nameOf(refOf(located.object))} (${located.file}:${located.line})`;
  const remedy = isWorkers
    ? 'correct it in the policy folder of the worker: until then nothing is deployed'
    : 'correct the policy';
  const code = 'InvalidPolicy';
  if (isWorkers || file === undefined) {
    const place = file === undefined ? 'the policies' : placeOf({ ...flaw, file });
    return {
      code,
      message: `${place}${isWorkers && file === undefined ? ' of the worker' : ''}: ${short(flaw.message)}${on}`,
      remedy,
    };
  }
  const message = `${short(flaw.message)}${on}`;
  return { code, message, file, ...(line === undefined ? {} : { line }), remedy };
}

function placeOf({ file, line, isWorkers }: Pick<RulePlace, 'file' | 'line' | 'isWorkers'>): string {
  return `${file}${line === undefined ? '' : `:${line}`}${isWorkers ? ", a policy of the worker's" : ''}`;
}

function short(text: string): string {
  return cut(text.trim(), longestMessage);
}

function bounded(problems: readonly Problem[]): readonly Problem[] {
  const read = readOf<never>(undefined, problems);
  return read.ok ? [] : read.problems;
}
