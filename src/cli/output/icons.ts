import type { HealthWord, SyncWord } from '../../domain/application-status';
import type { MemberStage, ReleasePhase } from '../../domain/release/state';
import type { RolloutPhase, StepMark } from '../../domain/rollout-status';
import type { Style } from './style';

type Word = HealthWord | SyncWord | RolloutPhase | ReleasePhase | 'Held';
type Mood = 'good' | 'bad' | 'busy' | 'dim';

const looks: Readonly<Record<Word, readonly [string, Mood]>> = {
  Healthy: ['✔', 'good'],
  Synced: ['✔', 'good'],
  Degraded: ['✖', 'bad'],
  Missing: ['✖', 'bad'],
  Held: ['✖', 'bad'],
  OutOfSync: ['⚠', 'busy'],
  Paused: ['॥', 'busy'],
  Suspended: ['॥', 'busy'],
  Progressing: ['◌', 'busy'],
  Baking: ['◌', 'busy'],
  Committing: ['◌', 'busy'],
  RollingBack: ['↩', 'bad'],
  Unknown: ['?', 'dim'],
};

/** `✔ Healthy`, in its colour; the signs are those of `kubectl argo rollouts`. */
export function withIcon(word: Word, style: Style): string {
  const [icon, mood] = looks[word];
  return style[mood](`${icon} ${word}`);
}

const stages: Readonly<Record<MemberStage, readonly [string, Mood]>> = {
  waiting: ['·', 'dim'],
  delivering: ['◌', 'busy'],
  ready: ['✔', 'busy'],
  unchanged: ['✔', 'dim'],
  failed: ['✖', 'bad'],
  committed: ['✔', 'good'],
  trafficBack: ['↩', 'busy'],
  restored: ['↩', 'busy'],
  settled: ['↩', 'good'],
  gone: ['-', 'dim'],
};

/** The sign of a member of a release: how far it is. */
export function stageIcon(stage: MemberStage, style: Style): string {
  const [icon, mood] = stages[stage];
  return style[mood](icon);
}

/** The mark of a step: done, now (waiting or moving), still to come, or skipped. */
export function stepIcon(
  mark: StepMark,
  { phase, style }: { readonly phase: RolloutPhase; readonly style: Style },
): string {
  switch (mark) {
    case 'done':
      return style.good('✔');
    case 'now':
      return nowIcon(phase, style);
    case 'next':
      return style.dim('·');
    case 'skipped':
      return style.dim('-');
  }
}

function nowIcon(phase: RolloutPhase, style: Style): string {
  if (phase === 'Degraded') return style.bad('✖');
  return style.busy(phase === 'Paused' ? '॥' : '◌');
}
