import {
  analysesBeside,
  analysesOfExperiment,
  analysesOfStep,
  titleBeside,
} from '../../domain/analysis-view';
import { signOf } from '../../domain/analysis-view';
import { describeStep } from '../../domain/describe-step';
import type { HookFacts, HookStatus, RolloutStatus } from '../../domain/rollout-status';
import { stepIcon, withIcon } from '../output/icons';
import type { Style } from '../output/style';
import { oneLine, table } from '../output/table';
import type { View } from '../output/view';
import { analysisNode, signed } from './analysis-nodes';
import { treeRows, type TreeNode } from './tree';

/**
 * What a rollout consists of, in the order in which it happens: hooks (⊞), steps with their analyses (α) and experiments (Σ), the
 * analyses beside them, hooks. Nothing for a rollout that has none of these.
 */
export function rolloutTree(status: RolloutStatus, view: View): string[] {
  const nodes = [
    ...hookNodes(status, 'pre', view),
    ...stepNodes(status, view),
    ...analysesBeside(status).map(({ name, run }) => analysisNode(titleBeside(status, name), run, view)),
    ...hookNodes(status, 'post', view),
  ];
  if (nodes.length === 0) return [];
  const root = [`⟳ ${status.spec.name}`, withIcon(status.phase, view.style)];
  const rows = [root, ...treeRows(nodes)].map((row) => row.map(oneLine));
  const hasInfo = rows.some(([, , , info = '']) => info !== '');
  return ['', ...table([['STEP', 'STATE', 'SINCE', ...(hasInfo ? ['INFO'] : [])], ...rows])];
}

function stepNodes(status: RolloutStatus, view: View): TreeNode[] {
  const { phase, steps } = status;
  return steps.map(({ step, mark, at }, index) => {
    const number = index + 1;
    const icon = stepIcon(mark, { phase, style: view.style });
    return {
      cells: [
        `${icon} ${describeStep(step)}`,
        mark === 'next' ? '' : mark,
        at === undefined ? '' : view.when(at),
      ],
      children: [
        ...analysesOfStep(status, number).map(({ name, run }) => analysisNode(name, run, view)),
        ...experimentNodes(status, number, view),
      ],
    };
  });
}

function experimentNodes(status: RolloutStatus, number: number, view: View): TreeNode[] {
  const found = status.experiments?.find(({ step }) => step === number);
  if (found === undefined) return [];
  const { phase, since, message = '' } = found;
  return [
    {
      cells: ['Σ experiment', signed(signOf(phase), phase, view.style), view.when(since), message],
      children: analysesOfExperiment(status, number).map(({ name, run }) => analysisNode(name, run, view)),
    },
  ];
}

const hookInfo = { pre: 'before the first pod', post: 'after the promotion' } as const;

/** Those that have not started as well: a reader sees what is still to come. */
function hookNodes({ spec, hooks = [] }: RolloutStatus, phase: HookFacts['phase'], view: View): TreeNode[] {
  const started = hooks.filter((hook) => hook.phase === phase);
  const known = (spec.hooks ?? []).filter(
    (hook) => hook.phase === phase && !started.some(({ name }) => name === hook.name),
  );
  return [
    ...started.map(({ name, mark, at, sentence }): TreeNode => {
      const info = sentence ?? hookInfo[phase];
      return { cells: [`⊞ ${name}`, hookState(mark, view.style), view.when(at), info] };
    }),
    ...known.map(({ name }): TreeNode => ({ cells: [`⊞ ${name}`, '', '', hookInfo[phase]] })),
  ];
}

function hookState(mark: HookStatus['mark'], style: Style): string {
  switch (mark) {
    case 'done':
      return signed('✔', mark, style);
    case 'failed':
      return signed('✖', mark, style);
    case 'running':
      return signed('◌', mark, style);
    case 'undone':
      return style.dim(`- ${mark}`);
  }
}
