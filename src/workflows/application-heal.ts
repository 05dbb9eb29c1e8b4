import type { Treatment } from '../domain/decide-sync';
import { apply, settled } from './application-apply';
import type { ApplicationRun } from './application-run';

const healsKept = 10;

/**
 * Brings drifted objects back to the good revision (of a release under way: to the one that it brings), or reports them where self-heal is off. Workloads in `rolling` are leased to
 * their rollouts and left alone.
 */
export async function heal(run: ApplicationRun, rolling: Readonly<Record<string, Treatment>>): Promise<void> {
  const hints = run.takeHints();
  const { spec, state, member } = run;
  const wanted = member.bringing ?? state.good;
  if (wanted === undefined) return;
  const { revision, pins } = wanted;
  const fix = spec.automated?.selfHeal === true;
  const treatments = { ...settled(state), ...rolling };
  const summary = `${fix ? 'heal' : 'look at'} ${hints.slice(0, 3).join(', ')}`;
  const healed = await apply(run, summary, {
    revision,
    ...(pins === undefined ? {} : { pins }),
    stage: 'heal',
    treatments,
    fix,
    prune: false,
  });
  if (healed === undefined) return;
  if (run.isCompared(run.state.synced)) run.problems([]); // they were an earlier heal's
  if (healed.applied.length > 0) {
    run.change({ heals: [...run.state.heals, Date.now()].slice(-healsKept), drift: [] });
    run.tell(`healed ${healed.applied.join(', ')}`);
  } else {
    run.change({ drift: healed.differing });
  }
}
