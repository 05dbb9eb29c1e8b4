import type { KubeObject } from '../../src/domain/kube-object';

/** Where all canaries live, as with one `kubectl apply` of them. */
export const namespace = 'canaries';
/** The length of each pause step, milliseconds. */
export const pauseMs = 1_000;
/** By which the bench finds the Rollouts that it has made. */
export const benchLabel = 'bench';

export function nameOf(index: number): string {
  return `canary-${String(index).padStart(4, '0')}`;
}

/** A canary by 25, 50 and 75 %, with a second after each: as Argo Rollouts reads it, and Belay. */
export function rolloutOf(
  name: string,
  { version, replicas }: { readonly version: number; readonly replicas: number },
): KubeObject {
  const steps = [25, 50, 75].flatMap((setWeight) => [
    { setWeight },
    { pause: { duration: `${pauseMs / 1000}s` } },
  ]);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, labels: { [benchLabel]: 'canaries' } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: `app:v${version}` }] },
      },
      strategy: { canary: { steps } },
    },
  };
}
