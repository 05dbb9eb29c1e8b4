/** What a request to an API server is, with the kind it is about: `dry-run apply deployments`, `watch pods`, `get configmaps`. */
export function verbOf(method: string, pathAndQuery: string): string {
  const { pathname, searchParams } = new URL(pathAndQuery, 'https://server');
  const parts = pathname.split('/').filter((each) => each !== '');
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [kind = 'discovery', name] = isNamespaced ? rest.slice(2) : rest;
  return `${isTried(searchParams)}${wordOf(method, { searchParams, isNamed: name !== undefined })} ${kind}`;
}

function isTried(query: URLSearchParams): string {
  return query.has('dryRun') ? 'dry-run ' : '';
}

interface About {
  readonly searchParams: URLSearchParams;
  readonly isNamed: boolean;
}

function wordOf(method: string, { searchParams, isNamed }: About): string {
  switch (method) {
    case 'GET':
      if (searchParams.has('watch')) return 'watch';
      return isNamed ? 'get' : 'list';
    case 'PATCH':
      return searchParams.has('force') ? 'apply' : 'patch';
    default:
      return method.toLowerCase();
  }
}
