/** Figures that others have published, of other machines: never divided by ours. */
export interface Anchor {
  readonly system: string;
  readonly what: string;
  readonly figure: string;
  readonly source: string;
}

export const anchors: readonly Anchor[] = [
  {
    system: 'Flux 2.9',
    what: '500 Kustomizations of podinfo with 0 replicas, one change to all ready; 16-core runner, 3 kind nodes',
    figure: '2 min 0 s (100: 26 s, 1000: 4 min 13 s)',
    source: 'fluxcd/flux-benchmark RESULTS.md',
  },
  {
    system: 'Argo CD',
    what: 'monorepo of 800 applications, until all are refreshed',
    figure: '4 to 5 min',
    source: 'argoproj/argo-cd issue 18969',
  },
  {
    system: 'Argo CD',
    what: 'push to sync by polling (120 s and up to 60 s of jitter)',
    figure: 'median 43 s (4 to 182 s)',
    source: 'zimmertr/Kubernetes-Manifests issue 851',
  },
  {
    system: 'Argo CD',
    what: 'self-heal of an edit',
    figure: 'about 3 s (timeout 5 s by its documentation)',
    source: 'LikeLionTeam4/slash-infra issue 15',
  },
];
