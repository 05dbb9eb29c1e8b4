import { createHash } from 'node:crypto';
import type { KubeObject } from '../../domain/kube-object';
import { isMap } from '../../domain/read-json';
import type { SourceTrees } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import type { Policies, PolicyAnswer, PolicyFolder } from '../../ports/policies';
import { askCel } from './cel';
import { readFolder } from './folder';
import { readFromGit } from './from-git';
import { defaultLimits, type PolicyLimits } from './limits';
import { readRules } from './read-rules';
import { askRego } from './rego';
import type { EngineAnswer, PolicySet, Subject } from './set';

export interface PoliciesOptions {
  /** Where policies of applications are read. */
  readonly trees: Pick<SourceTrees, 'list' | 'read'>;
  /** The worker's own folder, which holds for every application. Read anew at each check. */
  readonly dir?: string | undefined;
  /** Path of the program for Rego; by default it is looked for. */
  readonly rego?: string;
  readonly limits?: PolicyLimits;
}

const remembered = 200;

/**
 * Policies in Rego (the real OPA) and CEL. What the same policies have said of the same objects is kept. The worker's folder that
 * cannot be read is a flaw of every check: nothing is deployed past it. Throws PortError when it cannot be read at the start.
 */
export function createPolicies({ trees, dir, rego, limits = defaultLimits }: PoliciesOptions): Policies {
  if (dir !== undefined) assertReadable(dir);
  const known = new Map<string, PolicyAnswer>();

  async function answerSet(set: PolicySet, subject: Subject, signal: AbortSignal): Promise<PolicyAnswer> {
    const inRego = set.files.filter(({ path }) => path.endsWith('.rego'));
    const { rules, flaws } = readRules(set.files.filter(({ path }) => !path.endsWith('.rego')));
    const none: EngineAnswer = { findings: [], flaws: [] };
    const answers = [
      { findings: [], flaws },
      inRego.length === 0 ? none : await askRego(inRego, subject, { program: rego, limits }, signal),
      rules.length === 0 ? none : await askCel(rules, subject, limits, signal),
    ];
    const { isWorkers } = set;
    return {
      findings: answers.flatMap((each) => each.findings.map((finding) => ({ ...finding, isWorkers }))),
      flaws: answers.flatMap((each) => each.flaws.map((flaw) => ({ ...flaw, isWorkers }))),
    };
  }

  async function answerCached(set: PolicySet, subject: Subject, signal: AbortSignal): Promise<PolicyAnswer> {
    const key = keyOf(set, subject);
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = await answerSet(set, subject, signal);
    // What failed may have failed for the want of time.
    if (answer.flaws.length > 0) return answer;
    if (known.size >= remembered) known.delete(known.keys().next().value ?? '');
    known.set(key, answer);
    return answer;
  }

  return {
    async check(question, signal) {
      const { application, revision } = question;
      const subject = { application, revision, objects: question.objects.map(withoutSecrets) };
      const answers: PolicyAnswer[] = [];
      const sets = [
        ...(dir === undefined ? [] : [workersSet(dir)]),
        ...(question.folder === undefined ? [] : [await ownSet(trees, question.folder, signal)]),
      ];
      for (const set of sets) answers.push('flaws' in set ? set : await answerCached(set, subject, signal));
      return {
        findings: answers.flatMap(({ findings }) => findings),
        flaws: answers.flatMap(({ flaws }) => flaws),
      };
    },
  };
}

async function ownSet(
  trees: PoliciesOptions['trees'],
  folder: PolicyFolder,
  signal: AbortSignal,
): Promise<PolicySet | PolicyAnswer> {
  const files = await readFromGit(trees, folder, signal);
  if (typeof files !== 'string') return { isWorkers: false, files };
  return { findings: [], flaws: [{ isWorkers: false, message: files }] };
}

function workersSet(dir: string): PolicySet | PolicyAnswer {
  try {
    return { isWorkers: true, files: readFolder(dir) };
  } catch (error: unknown) {
    return {
      findings: [],
      flaws: [{ isWorkers: true, message: `cannot be read: ${(error as Error).message}` }],
    };
  }
}

function assertReadable(dir: string): void {
  try {
    readFolder(dir);
  } catch (error: unknown) {
    const message = `the policies in ${dir} cannot be read: ${(error as Error).message}`;
    throw new PortError(message, { code: 'InvalidSpec', retry: 'never', cause: error });
  }
}

/** The revision counts only where a rule can see it: a commit elsewhere asks nothing anew. */
function keyOf({ files, isWorkers }: PolicySet, { application, revision, objects }: Subject): string {
  const seesRevision = files.some(({ content }) =>
    /\brevision\b/.test(content.replaceAll('belay.revision', '')),
  );
  const text = JSON.stringify([isWorkers, files, application, seesRevision ? revision : '', objects]);
  return createHash('sha256').update(text).digest('hex');
}

const hidden = '(hidden)';

/** Messages of rules go into histories: the keys of a Secret stay, its values do not. */
function withoutSecrets(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object;
  const hide = (field: string): object => {
    const values = object[field];
    return isMap(values)
      ? { [field]: Object.fromEntries(Object.keys(values).map((key) => [key, hidden])) }
      : {};
  };
  return { ...object, ...hide('data'), ...hide('stringData') };
}
