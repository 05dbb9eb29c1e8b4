/** What Argo CD calls the cluster that it runs in; here it is the worker's own. */
export const ownCluster = { name: 'in-cluster', server: 'https://kubernetes.default.svc' } as const;
