import type { BlueGreenStrategy, Strategy } from '../../src/domain/strategy';
import { messages } from './model-messages';
import type { Content } from './model-git';
import type { StepName } from './model-world';
import type { ModelRun } from './model-run';
import { analysisBy, canary } from './workflow-rollouts';

/** What a person, or Git, does in a story; and how it ends when nothing goes wrong. */
export interface Story {
  readonly strategy: Strategy;
  /** What is good before it begins; absent: nothing was delivered yet. */
  readonly before?: Content;
  readonly begin: (run: ModelRun) => Promise<void>;
  /** What somebody does when this step begins. */
  readonly at?: Readonly<Record<StepName, (run: ModelRun) => Promise<void>>>;
  readonly ends: {
    readonly stable: string;
    readonly reverts: number;
    /** Short revision at the head; absent: it is ours. */
    readonly head?: string;
  };
}

const blueGreen: BlueGreenStrategy = {
  kind: 'blueGreen',
  activeService: 'web',
  autoPromotionEnabled: true,
  maxUnavailable: 0,
  scaleDownDelayMs: 0,
  abortScaleDownDelayMs: 0,
  postPromotionAnalysis: analysisBy('errors'),
};

const twoSteps = canary([
  { kind: 'setWeight', weight: 20 },
  { kind: 'pause', durationMs: 300 },
  { kind: 'setWeight', weight: 50 },
]);

const good: Content = { versions: { web: 'web-1' } };
const next: Content = { versions: { web: 'web-2' } };
const bad: Content = { versions: { web: 'web-bad' } };

const pushes =
  (content: Content) =>
  async ({ world }: ModelRun): Promise<void> =>
    void world.git.push('v2', content);

/** The stories of issue 7, as they are lived when nothing goes wrong. */
export const stories: Readonly<Record<string, Story>> = {
  'first delivery': {
    strategy: twoSteps,
    begin: async ({ world }) => void world.git.push('v2', next),
    ends: { stable: 'web-2', reverts: 0, head: 'v2' },
  },
  'good canary': {
    strategy: twoSteps,
    before: good,
    begin: pushes(next),
    ends: { stable: 'web-2', reverts: 0, head: 'v2' },
  },
  'failed canary': {
    strategy: twoSteps,
    before: good,
    begin: pushes(bad),
    ends: { stable: 'web-1', reverts: 1 },
  },
  'abort by a person': {
    strategy: twoSteps,
    before: good,
    begin: pushes(next),
    at: { 'reachWeight#2': messages.abort },
    ends: { stable: 'web-1', reverts: 1 },
  },
  'drift healed': {
    strategy: twoSteps,
    before: good,
    begin: messages.drift,
    ends: { stable: 'web-1', reverts: 0, head: 'v1' },
  },
  'good blue-green': {
    strategy: blueGreen,
    before: good,
    begin: pushes(next),
    ends: { stable: 'web-2', reverts: 0, head: 'v2' },
  },
  'failed blue-green': {
    strategy: blueGreen,
    before: good,
    begin: pushes({ versions: { web: 'web-rotten' } }),
    ends: { stable: 'web-1', reverts: 1 },
  },
  'failed rolling': {
    strategy: { kind: 'rolling' },
    before: good,
    begin: pushes(bad),
    ends: { stable: 'web-1', reverts: 1 },
  },
  'hotfix on top': {
    strategy: twoSteps,
    before: good,
    begin: pushes(bad),
    at: { 'removeCanary#1': async ({ world }) => void world.git.push('v3', next) },
    ends: { stable: 'web-2', reverts: 0, head: 'v3' },
  },
  undo: {
    strategy: twoSteps,
    before: good,
    begin: async (run) => {
      run.world.git.push('v2', next);
      await run.settled();
      await messages.undo(run);
    },
    ends: { stable: 'web-1', reverts: 0 },
  },
  'sync in waves': {
    strategy: twoSteps,
    before: good,
    begin: pushes({ ...next, hook: 'good' }),
    ends: { stable: 'web-2', reverts: 0, head: 'v2' },
  },
  'failed hook': {
    strategy: twoSteps,
    before: good,
    begin: pushes({ ...next, hook: 'bad' }),
    ends: { stable: 'web-1', reverts: 1 },
  },
};
