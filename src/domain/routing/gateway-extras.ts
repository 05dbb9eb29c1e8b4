import { eachOrRefused, isRefused, refused, type Managed, type Refused } from './composed';
import { headerMatch, type Extra } from './gateway-matches';
import type { RouteMatch, StringMatch } from './matches';

/**
 * What a managed route asks for, as alternatives. All headers of a header route have to fit, as in the plugin (Istio takes any of
 * them). A mirror route has one alternative for each of its matches.
 */
export function extrasOf(managed: Managed, kind: string): readonly Extra[] | Refused {
  if (managed.kind === 'mirror') {
    const name = managed.route.name;
    const made = eachOrRefused(managed.route.match, (match) => mirrorExtra(match, name, kind));
    return made.ok ? made.items : made;
  }
  const { name, match } = managed.route;
  const names = match.map(({ headerName }) => headerName.toLowerCase());
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) {
    const message = `route ${name} asks for header ${twice} twice, and the Gateway API knows each header once`;
    return refused('headerName', message, 'write one regex for both values');
  }
  const made = eachOrRefused(match, ({ headerName, headerValue }) =>
    headerMatch(headerName, headerValue, name),
  );
  return made.ok ? [{ headers: made.items }] : made;
}

function mirrorExtra(match: RouteMatch, name: string, kind: string): Extra | Refused {
  const made = eachOrRefused(Object.entries(match.headers ?? {}), ([header, value]) =>
    headerMatch(header, value, name),
  );
  if (!made.ok) return made;
  const extra = kind === 'GRPCRoute' ? grpcExtra(match, name) : httpExtra(match, name);
  return isRefused(extra) ? extra : { ...extra, headers: made.items };
}

function httpExtra({ method, path }: RouteMatch, name: string): Omit<Extra, 'headers'> | Refused {
  if (method !== undefined && !('exact' in method)) {
    const message = `route ${name} matches the method by a pattern, which the Gateway API does not know`;
    return refused('method', message, 'use exact, and one match for each method');
  }
  return {
    ...(method === undefined ? {} : { method: method.exact }),
    ...(path === undefined ? {} : { path: pathMatch(path) }),
  };
}

function pathMatch(path: StringMatch): { readonly type: string; readonly value: string } {
  if ('exact' in path) return { type: 'Exact', value: path.exact };
  if ('prefix' in path) return { type: 'PathPrefix', value: path.prefix };
  return { type: 'RegularExpression', value: path.regex };
}

/** The path of a gRPC request is `/<service>/<method>`; its HTTP method is always POST. */
function grpcExtra({ method, path }: RouteMatch, name: string): Omit<Extra, 'headers'> | Refused {
  if (method !== undefined && !('exact' in method && method.exact === 'POST')) {
    const message = `route ${name} matches an HTTP method, and gRPC knows only POST`;
    return refused('method', message, 'remove it');
  }
  if (path === undefined) return {};
  const text = 'exact' in path ? path.exact : 'prefix' in path ? path.prefix : '';
  const [service, call] = /^\/([\w.]+)\/(\w*)$/.exec(text)?.slice(1) ?? [];
  if (service !== undefined && 'exact' in path && call)
    return { method: { type: 'Exact', service, method: call } };
  if (service !== undefined && 'prefix' in path && call === '') return { method: { type: 'Exact', service } };
  const message = `route ${name} matches a path that names no gRPC service or method`;
  return refused('path', message, 'use exact: /service/method, or prefix: /service/');
}
