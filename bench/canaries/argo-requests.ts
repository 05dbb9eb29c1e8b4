/** Argo Rollouts' own count of its requests to the API server by verb and kind, from the text of its metrics. */
export function argoRequests(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, labels = '', value] of text.matchAll(
    /^controller_clientset_k8s_request_total\{([^}]*)\} (\S+)$/gm,
  )) {
    const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const what = `${label('verb').toLowerCase()} ${label('kind')}`;
    counts[what] = (counts[what] ?? 0) + Number(value);
  }
  return counts;
}
