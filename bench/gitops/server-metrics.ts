/** `apiserver_request_total` by verb, from the text of the API server's metrics: of all clients together. */
export function requestsByVerb(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, labels = '', value] of text.matchAll(/^apiserver_request_total\{([^}]*)\} (\S+)$/gm)) {
    const verb = /(?:^|,)verb="([^"]*)"/.exec(labels)?.[1] ?? '';
    counts[verb] = (counts[verb] ?? 0) + Number(value);
  }
  return counts;
}
