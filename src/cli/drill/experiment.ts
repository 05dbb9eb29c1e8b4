import {
  experimentLabels,
  readExperiment,
  titleOf,
  type ExperimentFacts,
  type ExperimentObject,
} from '../../domain/drill/experiment';
import { loadDocuments } from '../lazy';
import { orRefuse } from './breakage';
import { asInput, countBy, insistOnRemoval, orFail, removeBy, whyNotRunning } from './experiment-objects';
import { kubectlIn, type KubectlAnswer } from './person-kubectl';

/** An experiment of Chaos Mesh or Litmus, as a person gives it. */
export interface ExperimentFile {
  readonly file: string;
  readonly text: string;
  /** Of kubectl; default: its current one. */
  readonly context?: string;
}

/** An experiment that hits the new version of a drill. */
export interface DrillExperiment {
  /** What it starts, and where: for the person who is asked. */
  describe(): Promise<readonly string[]>;
  /** Deletes what an earlier drill has left, and asks the cluster whether it would take this one. */
  prepare(): Promise<void>;
  /** Starts it, once, as soon as pods of this rollout run. */
  startFor(rolloutId: string): Promise<void>;
  /** Deletes it, started or not; nothing is left of it then but what its finalizers still wait for. */
  end(): Promise<void>;
}

export interface ExperimentTalk {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** Reads an experiment; one that is none is bad usage. */
export function openExperiment(
  { file, text, context }: ExperimentFile,
  facts: Omit<ExperimentFacts, 'rollout'>,
  { env, say }: ExperimentTalk,
): DrillExperiment {
  const { id, application, namespace } = facts;
  const kubectl = kubectlIn(context, env);
  const objectsOf = (rollout: string) => readObjects({ file, text }, { ...facts, rollout });
  const objects = objectsOf(id); // any text does before the rollout is known
  const titles = objects.map(titleOf).join(', ');
  const ours = `${experimentLabels.drill}=${id}`;
  const must = (answer: KubectlAnswer) => orFail(objects, answer);
  let missed: string | undefined = 'no rollout of the drill was seen';
  let progress: 'waits' | 'started' | 'ended' = 'waits';
  return {
    async describe() {
      const current = context ?? (await kubectl.ask(['config', 'current-context']));
      const name = typeof current === 'string' ? current : current.ok ? current.out.trim() : undefined;
      const where = name === undefined ? 'by kubectl' : `by kubectl in the context ${name}`;
      return [`starts ${titles} ${where}, as soon as its pods run`];
    },
    async prepare() {
      const left = await removeBy(kubectl, objects, `${experimentLabels.of}=${application}`);
      if (left.length > 0) say(`experiment: deleted what an earlier drill has left: ${left.join(', ')}`);
      must(await kubectl.ask(['create', '--dry-run=server', '-f', '-'], asInput(objects)));
    },
    async startFor(rollout) {
      if (progress !== 'waits') return;
      missed = await whyNotRunning(kubectl, namespace, [rollout, id]);
      if (missed !== undefined) return;
      const created = await kubectl.ask(['create', '-f', '-'], asInput(objectsOf(rollout)));
      // Where an answer was lost, they may be there all the same.
      if (!created.ok && (await countBy(kubectl, objects, ours)) < objects.length) must(created);
      progress = 'started';
      say(`experiment: started ${titles}`);
    },
    async end() {
      if (progress === 'ended') return;
      await insistOnRemoval(kubectl, objects, ours);
      say(`experiment: ${progress === 'started' ? `deleted ${titles}` : `was not started: ${missed ?? ''}`}`);
      progress = 'ended';
    },
  };
}

/** Deletes what drills of an application have left of an experiment; answers the names. */
export async function removeExperiment(
  { file, text, context }: ExperimentFile,
  facts: Pick<ExperimentFacts, 'application' | 'namespace'>,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const objects = readObjects({ file, text }, { ...facts, id: 'any', rollout: 'any' });
  return removeBy(kubectlIn(context, env), objects, `${experimentLabels.of}=${facts.application}`);
}

function readObjects({ file, text }: ExperimentFile, facts: ExperimentFacts): readonly ExperimentObject[] {
  const { documents, problems } = loadDocuments().parseDocuments(text, file);
  if (problems.length > 0) return orRefuse({ ok: false, problems });
  const read = readExperiment(
    documents.map(({ json }) => json),
    facts,
  );
  return orRefuse(read.ok ? read : { ok: false, problems: read.problems.map((each) => ({ ...each, file })) });
}
