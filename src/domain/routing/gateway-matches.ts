import { peekText } from '../peek';
import { fieldOf, isMap, sameJson, type JsonMap } from '../read-json';
import { mapsAt, refused, type Refused } from './composed';
import type { StringMatch } from './matches';

/** What a managed route asks for beyond the matches of the rule that it stands before; fields as in an HTTPRoute or GRPCRoute. */
export interface Extra {
  readonly headers: readonly JsonMap[];
  readonly method?: unknown;
  readonly path?: JsonMap;
}

/** A header match in the words of the Gateway API, which knows no prefix. */
export function headerMatch(name: string, value: StringMatch, route: string): JsonMap | Refused {
  if ('exact' in value) return { type: 'Exact', name, value: value.exact };
  if ('regex' in value) return { type: 'RegularExpression', name, value: value.regex };
  const message = `route ${route} matches header ${name} by a prefix, which the Gateway API does not know`;
  return refused('headerValue.prefix', message, `use exact, or regex: "${value.prefix}.*"`);
}

/**
 * Both: the matches of a rule narrowed by one alternative of a managed route. Empty when no request can fit both. Paths and
 * headers of which it cannot be told are refused, since a wrong guess would send the wrong requests to the canary.
 */
export function narrowed(rule: JsonMap, extra: Extra): readonly JsonMap[] | Refused {
  const written = mapsAt(rule, 'matches');
  const result: JsonMap[] = [];
  for (const match of written.length === 0 ? [{}] : written) {
    const both = narrow(match, extra);
    if (both === 'unclear') {
      const message =
        'a managed route and this rule match the same path or header in ways that cannot be combined';
      return refused('spec.rules', message, 'match another header, or exact values on both sides');
    }
    if (both !== 'never') result.push(both);
  }
  return result;
}

type Narrow = JsonMap | 'never' | 'unclear';

function narrow(match: JsonMap, extra: Extra): Narrow {
  let headers: readonly JsonMap[] = mapsAt(match, 'headers');
  for (const header of extra.headers) {
    const same = headers.find((each) => nameOf(each) === nameOf(header));
    if (same === undefined) headers = [...headers, header];
    else if (!sameHeader(same, header)) return isExact(same) && isExact(header) ? 'never' : 'unclear';
  }
  const method = fieldOf(match, 'method') ?? extra.method;
  if (extra.method !== undefined && !sameJson(method, extra.method)) {
    return isMap(method) && fieldOf(method, 'type') === 'RegularExpression'
      ? 'unclear'
      : narrowMethod(match, extra);
  }
  const path = narrowPath(fieldOf(match, 'path'), extra.path);
  if (path === 'never' || path === 'unclear') return path;
  return {
    ...match,
    ...(path === undefined ? {} : { path }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(method === undefined ? {} : { method }),
  };
}

/** gRPC: a rule for a whole service holds each of its methods. */
function narrowMethod(match: JsonMap, { headers, method }: Extra): Narrow {
  const outer = fieldOf(match, 'method');
  if (!isMap(outer) || !isMap(method)) return 'never';
  const parts = ['service', 'method'].map((key) => [peekText(outer, key), peekText(method, key)] as const);
  if (parts.some(([a, b]) => a !== undefined && b !== undefined && a !== b)) return 'never';
  const [service, name] = parts.map(([a, b]) => a ?? b);
  const both = { type: 'Exact', ...(service && { service }), ...(name && { method: name }) };
  return narrow({ ...match, method: both }, { headers });
}

function narrowPath(rule: unknown, extra: JsonMap | undefined): JsonMap | undefined | 'never' | 'unclear' {
  if (extra === undefined) return isMap(rule) ? rule : undefined;
  const [outer, inner] = [pathOf(rule), pathOf(extra)];
  if (isRoot(outer) || sameJson(outer, inner)) return extra;
  if (isRoot(inner)) return isMap(rule) ? rule : undefined;
  if (outer.type === 'RegularExpression' || inner.type === 'RegularExpression') return 'unclear';
  if (contains(outer, inner)) return extra;
  if (contains(inner, outer)) return isMap(rule) ? rule : undefined;
  return 'never';
}

interface Path {
  readonly type: string;
  readonly value: string;
}

function pathOf(path: unknown): Path {
  return { type: peekText(path, 'type') ?? 'PathPrefix', value: peekText(path, 'value') ?? '/' };
}

function isRoot({ type, value }: Path): boolean {
  return type === 'PathPrefix' && value === '/';
}

/** A PathPrefix holds a path by whole elements: `/a` holds `/a/b`, not `/ab`. */
function contains(outer: Path, inner: Path): boolean {
  if (outer.type !== 'PathPrefix') return false;
  const prefix = outer.value.replace(/\/+$/, '');
  return inner.value === prefix || inner.value.startsWith(`${prefix}/`);
}

function nameOf(header: JsonMap): string | undefined {
  return peekText(header, 'name')?.toLowerCase();
}

function isExact(header: JsonMap): boolean {
  return (peekText(header, 'type') ?? 'Exact') === 'Exact';
}

function sameHeader(a: JsonMap, b: JsonMap): boolean {
  return isExact(a) === isExact(b) && fieldOf(a, 'value') === fieldOf(b, 'value');
}
