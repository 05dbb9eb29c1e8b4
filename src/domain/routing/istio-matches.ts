import { fieldOf, isMap, type JsonMap } from '../read-json';
import { mapsAt, refused, type Refused } from './composed';
import type { Managed } from './composed';
import type { StringMatch } from './matches';

interface Wanted {
  readonly uri?: StringMatch;
  readonly method?: StringMatch;
  readonly headers: Readonly<Record<string, StringMatch>>;
}

/** What a managed route asks for, as alternatives: any header of a header route is enough in Istio (Argo Rollouts). */
function wantedOf(managed: Managed): readonly Wanted[] {
  if (managed.kind === 'header') {
    return managed.route.match.map(({ headerName, headerValue }) => ({
      headers: { [headerName]: headerValue },
    }));
  }
  return managed.route.match.map(({ method, path, headers }) => ({
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { uri: path }),
    headers: headers ?? {},
  }));
}

/**
 * The matches of a managed route before this route of the team: both have to fit, so that requests of other routes keep their way.
 * Empty when no request can fit both.
 */
export function matchesBefore(managed: Managed, route: JsonMap): readonly JsonMap[] | Refused {
  const own = mapsAt(route, 'match');
  const result: JsonMap[] = [];
  for (const wanted of wantedOf(managed)) {
    for (const match of own.length === 0 ? [{}] : own) {
      const both = narrow(match, wanted);
      if (both === 'unclear') {
        const message = `managed route ${managed.route.name} and this route match the same path, method or header in ways that cannot be combined`;
        return refused('spec.http', message, 'match another header, or exact values on both sides');
      }
      if (both !== 'never') result.push(both);
    }
  }
  return result;
}

function narrow(match: JsonMap, { headers, ...wanted }: Wanted): JsonMap | 'never' | 'unclear' {
  // A match's name serves statistics and may be there only once.
  const { name: _name, ...result } = match as Record<string, unknown>;
  for (const [key, value] of Object.entries(wanted)) {
    const both = combine(fieldOf(match, key), value);
    if (both === 'never' || both === 'unclear') return both;
    result[key] = both;
  }
  const own = fieldOf(match, 'headers');
  const all: Record<string, unknown> = { ...(isMap(own) ? own : {}) };
  for (const [header, value] of Object.entries(headers)) {
    const same = Object.keys(all).find((each) => each.toLowerCase() === header.toLowerCase()) ?? header;
    const both = combine(all[same], value);
    if (both === 'never' || both === 'unclear') return both;
    all[same] = both;
  }
  return Object.keys(all).length === 0 ? result : { ...result, headers: all };
}

/** What fits two string matches at once. An empty map in a header fits every value. */
function combine(a: unknown, b: StringMatch): unknown {
  const [x, y] = [kindOf(a), kindOf(b)];
  if (x === undefined || (x.kind === y?.kind && x.text === y.text)) return b;
  if (y === undefined || isAll(y)) return a;
  if (isAll(x)) return b;
  if (x.kind === 'regex' || y.kind === 'regex') return 'unclear';
  if (x.kind === 'exact' && y.kind === 'exact') return 'never';
  if (x.kind !== 'exact' && y.text.startsWith(x.text)) return b;
  return y.kind !== 'exact' && x.text.startsWith(y.text) ? a : 'never';
}

interface Kind {
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly text: string;
}

function kindOf(match: unknown): Kind | undefined {
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const text = fieldOf(match, kind);
    if (typeof text === 'string') return { kind, text };
  }
  return undefined;
}

function isAll({ kind, text }: Kind): boolean {
  return kind === 'prefix' && (text === '/' || text === '');
}
