import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { requireField } from './read-with';
import type { HeaderMatch, RouteMatch, StringMatch } from './routing/matches';

/** Reads `match` of a header route: any of the headers is enough. `kinds`: how the router can look at a value. */
export function readHeaderMatches(
  route: Fields,
  kinds: readonly string[] = ['exact', 'prefix', 'regex'],
): readonly HeaderMatch[] {
  return route.maps('match').flatMap((match) => {
    requireField(match, 'headerName', 'name the header');
    requireField(match, 'headerValue', 'write exact, prefix or regex below it');
    const headerName = match.string('headerName');
    const headerValue = readStringMatch(match, 'headerValue');
    reportUnknown(match);
    const kind = Object.keys(headerValue ?? {}).find((each) => !kinds.includes(each));
    if (kind !== undefined && kinds.length > 0) {
      const message = `the router cannot match a header by ${kind}`;
      match.invalid('headerValue', message, { remedy: `write ${kinds.join(' or ')}` });
    }
    return headerName && headerValue ? [{ headerName, headerValue }] : [];
  });
}

/** Reads `match` of a mirror route: within one item all that is given must fit; one item is enough. */
export function readRouteMatches(route: Fields): readonly RouteMatch[] {
  return route.maps('match').flatMap((match) => {
    const method = readStringMatch(match, 'method');
    const path = readStringMatch(match, 'path');
    const headers = readHeaders(match.map('headers'));
    const asks = [match.raw('method'), match.raw('path'), match.raw('headers')];
    reportUnknown(match);
    if (asks.every((each) => each === undefined)) {
      const remedy = 'write method, path or headers below it';
      const at = { code: 'InvalidSpec', path: match.path } as const;
      match.report({ ...at, message: 'matches nothing in particular', remedy });
      return [];
    }
    return [{ ...(method && { method }), ...(path && { path }), ...(headers && { headers }) }];
  });
}

function readHeaders(headers: Fields | undefined): Readonly<Record<string, StringMatch>> | undefined {
  if (headers === undefined) return undefined;
  const read = Object.keys(headers.values).map((name) => [name, readStringMatch(headers, name)] as const);
  return Object.fromEntries(read.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function readStringMatch(fields: Fields, key: string): StringMatch | undefined {
  const map = fields.map(key);
  if (map === undefined) return undefined;
  const [exact, prefix, regex] = [map.string('exact'), map.string('prefix'), map.string('regex')];
  reportUnknown(map);
  const written = ['exact', 'prefix', 'regex'].filter((each) => (map.raw(each) ?? '') !== '');
  if (written.length !== 1) {
    const message = written.length === 0 ? 'matches no text' : `${written.join(' and ')} are both given`;
    return fields.invalid(key, message, { remedy: 'write one of exact, prefix and regex' });
  }
  if (exact) return { exact };
  if (prefix) return { prefix };
  return regex ? { regex } : undefined;
}
