import type { RolloutSpec } from '../../src/domain/rollout-status';

export interface ModelWorkload {
  stable: string | undefined;
  canary: { readonly version: string; readonly rolloutId: string } | undefined;
  /** Share of users' requests that the canary has. */
  weight: number;
  /** All users' requests go to the new pods by the Services of stable. */
  isSwitched: boolean;
  /** Stable takes no new template by itself. */
  isPaused: boolean;
  /** Parked pods of the old version. */
  hasOld: boolean;
  fence: number;
}

const nothingYet: ModelWorkload = {
  stable: undefined,
  canary: undefined,
  weight: 0,
  isSwitched: false,
  isPaused: false,
  hasOld: false,
  fence: 0,
};

type Step = Pick<RolloutSpec, 'name' | 'version' | 'rolloutId' | 'goodVersion'>;

/** The workloads of one model, and what may never happen to them. Every effect reaches a state, as the real ones do. */
export class ModelCluster {
  readonly workloads = new Map<string, ModelWorkload>();
  readonly drift = new Set<string>();
  /** The mirror of the application's state, as JSON. */
  mirror: string | undefined;
  /** Versions that were judged bad, and by which rollout. */
  readonly judged = new Map<string, string>();
  /** A person has asked to deploy again what failed. */
  isRetryAsked = false;

  constructor(readonly violate: (text: string) => void) {}

  of(name: string): ModelWorkload {
    const known = this.workloads.get(name);
    if (known !== undefined) return known;
    const fresh = { ...nothingYet };
    this.workloads.set(name, fresh);
    return fresh;
  }

  /** A write is sent with its fencing number: one that a newer one has overtaken must not come from a living workflow. */
  fenced({ name }: Step, fence: number): ModelWorkload {
    const workload = this.of(name);
    if (fence < workload.fence) this.violate(`a write with fence ${fence} after ${workload.fence}`);
    workload.fence = Math.max(fence, workload.fence);
    return workload;
  }

  startCanary(step: Step, fence: number): void {
    const workload = this.fenced(step, fence);
    const { canary } = workload;
    if (canary !== undefined && canary.rolloutId !== step.rolloutId)
      this.violate(`a canary of ${step.version} beside that of ${canary.version}`);
    this.mayDeploy(step);
    if (workload.stable === step.version) return;
    workload.canary = { version: step.version, rolloutId: step.rolloutId };
    workload.isPaused = true;
  }

  weigh(step: Step, fence: number, weight: number): void {
    const workload = this.fenced(step, fence);
    if (workload.canary?.rolloutId !== step.rolloutId)
      this.violate(`${weight} % for a canary that is not there`);
    workload.weight = weight;
  }

  handOver(step: Step, fence: number): void {
    const workload = this.fenced(step, fence);
    if (workload.canary?.version !== step.version && workload.stable !== step.version)
      this.violate('traffic handed over to pods that are not there');
    workload.isSwitched = true;
    workload.weight = 0;
  }

  adopt(step: Step, fence: number): void {
    const workload = this.fenced(step, fence);
    if (!workload.isSwitched) this.violate('stable adopted pods before traffic was on them');
    if (this.judged.has(step.version) && !this.isRetryAsked) this.violate('stable adopted a bad version');
    workload.stable = step.version;
    workload.canary = undefined;
    workload.hasOld = true;
  }

  retire(step: Step, fence: number): void {
    const workload = this.fenced(step, fence);
    Object.assign(workload, { hasOld: false, isPaused: false, isSwitched: false, weight: 0 });
  }

  returnTraffic(step: Step, fence: number): void {
    Object.assign(this.fenced(step, fence), { weight: 0, isSwitched: false });
  }

  removeCanary(step: Step, fence: number): void {
    const workload = this.fenced(step, fence);
    if (workload.weight > 0 || workload.isSwitched) this.violate('the canary went while it had traffic');
    Object.assign(workload, { canary: undefined, isPaused: false });
  }

  /** A plain apply, of a first deployment or of a workload without a strategy. */
  roll(step: Step, fence: number, version: string): void {
    const workload = this.fenced(step, fence);
    if (version === step.version) this.mayDeploy(step);
    workload.stable = version;
  }

  judge({ version, rolloutId }: Step): void {
    this.judged.set(version, rolloutId);
  }

  /** What belongs to a revision is applied as it is: that must change no workload. */
  applied(name: string, version: string): void {
    const { stable } = this.of(name);
    if (stable !== version) this.violate(`a plain apply would move ${name} from ${stable} to ${version}`);
  }

  /** Before Git is written: users' requests are on the good version, and nothing of the bad one is left. */
  beforeGit(): void {
    for (const [name, { weight, isSwitched, canary }] of this.workloads)
      if (weight > 0 || isSwitched || canary !== undefined)
        this.violate(`Git was written while ${name} was not back`);
  }

  /** What a rollout leaves when it has ended. */
  left(): readonly string[] {
    return [...this.workloads].flatMap(([name, { canary, weight, isSwitched, isPaused, hasOld }]) => [
      ...(canary === undefined ? [] : [`${name}: the canary of ${canary.version} is left`]),
      ...(weight === 0 ? [] : [`${name}: weight ${weight} is left`]),
      ...(isSwitched ? [`${name}: the Services are still switched`] : []),
      ...(isPaused ? [`${name}: still paused`] : []),
      ...(hasOld ? [`${name}: the old pods are left`] : []),
    ]);
  }

  private mayDeploy({ version, rolloutId }: Step): void {
    const by = this.judged.get(version);
    if (by !== undefined && by !== rolloutId && !this.isRetryAsked)
      this.violate(`the bad version ${version} was deployed again`);
  }
}
