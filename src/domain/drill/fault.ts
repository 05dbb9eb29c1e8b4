import { valueAt, isMap, type JsonMap } from '../read-json';
import { peekList, peekText } from '../peek';
import type { Problem, Read } from '../problem';

/** What is broken in a drill. */
export const drillFaults = ['image', 'config', 'crash', 'latency', 'errors', 'experiment'] as const;
export type DrillFault = (typeof drillFaults)[number];

/** One field to be set in a JSON object; a number that is a list's length adds an element. */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface FaultRequest {
  /** `none`: a change that breaks nothing, so that the workload moves with the broken one. `experiment` breaks the pods themselves. */
  readonly fault: DrillFault | 'none';
  /** Unique: it is in the broken version, so that each drill makes a version that was never judged before. */
  readonly id: string;
  /** Default: the first container. */
  readonly container?: string;
  /** What makes the program slow or makes it fail: only its authors know. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a workload keeps its containers. */
export const containersPath = ['spec', 'template', 'spec', 'containers'] as const;

/** The edits that break a workload's pods; refused by name where the fault cannot be made. */
export function planFault(workload: JsonMap, request: FaultRequest): Read<readonly Edit[]> {
  const { fault } = request;
  if (fault === 'none' || fault === 'experiment') return { ok: true, value: [note(workload, request.id)] };
  const containers = peekList(workload, ...containersPath);
  const names = containers.map((each) => peekText(each, 'name') ?? '');
  const index = request.container === undefined ? 0 : names.indexOf(request.container);
  const container = containers[index];
  if (!isMap(container)) {
    const message = `there is no container ${request.container ?? 'at all'}`;
    return refused({ message, field: containersPath.join('.'), remedy: `name one of ${names.join(', ')}` });
  }
  const made = editsOf(container, { ...request, fault });
  if (!made.ok) return made;
  return {
    ok: true,
    value: made.value.map(({ path, value }) => ({ path: [...containersPath, index, ...path], value })),
  };
}

function editsOf(
  container: JsonMap,
  { fault, id, env }: FaultRequest & { readonly fault: Exclude<DrillFault, 'experiment'> },
): Read<readonly Edit[]> {
  switch (fault) {
    case 'image':
      return brokenImage(container, id);
    case 'config':
      return { ok: true, value: [append(container, 'envFrom', { configMapRef: { name: missingName(id) } })] };
    case 'crash':
      return { ok: true, value: [{ path: ['command'], value: crashCommand(id) }] };
    case 'latency':
    case 'errors':
      if (Object.keys(env).length === 0)
        return refused({
          message: `what makes this program show ${fault} is not known`,
          remedy:
            'name environment variables that do: --set-env NAME=VALUE (of the application in tools/node/app: FAULT=latency:2s or FAULT=errors:50)',
        });
      return { ok: true, value: withEnv(container, { ...env, BELAY_DRILL: id }) };
  }
}

/** An annotation of the pods. */
function note(workload: JsonMap, id: string): Edit {
  const metadata = ['spec', 'template', 'metadata'] as const;
  const note = { 'belay.dev/drill': id };
  if (!isMap(valueAt(workload, ...metadata))) return { path: metadata, value: { annotations: note } };
  const annotations = [...metadata, 'annotations'];
  return isMap(valueAt(workload, ...annotations))
    ? { path: [...annotations, 'belay.dev/drill'], value: id }
    : { path: annotations, value: note };
}

/** A tag that nobody has pushed; `broken` in it is what the simulated nodes of a local cluster go by. */
export function brokenTag(id: string): string {
  return `belay-drill-broken-${id}`;
}

/** `registry:5000/team/web:1@sha256:…` → `registry:5000/team/web`. */
export function imageName(image: string): string {
  const [tagged = ''] = image.split('@');
  const colon = tagged.lastIndexOf(':');
  return colon > tagged.lastIndexOf('/') ? tagged.slice(0, colon) : tagged;
}

function brokenImage(container: JsonMap, id: string): Read<readonly Edit[]> {
  const image = peekText(container, 'image') ?? '';
  if (image === '')
    return refused({
      message: 'the container has no image here',
      remedy: 'take another fault, such as crash',
    });
  return { ok: true, value: [{ path: ['image'], value: `${imageName(image)}:${brokenTag(id)}` }] };
}

function missingName(id: string): string {
  return `belay-drill-${id}-missing`;
}

/** An image without a shell cannot start at all then, which is as bad. */
function crashCommand(id: string): readonly string[] {
  return ['/bin/sh', '-c', `echo "Belay drill ${id}: ends on purpose" >&2; exit 1`];
}

function append(container: JsonMap, field: string, entry: unknown): Edit {
  const list = container[field];
  return Array.isArray(list) && list.length > 0
    ? { path: [field, list.length], value: entry }
    : { path: [field], value: [entry] };
}

/** Variables that are there get the new value in their place, the others are added. */
function withEnv(container: JsonMap, env: Readonly<Record<string, string>>): readonly Edit[] {
  const list = valueAt(container, 'env');
  const there = Array.isArray(list) ? list.map((each) => peekText(each, 'name')) : [];
  const entries = Object.entries(env).map(([name, value]) => ({ name, value }));
  if (there.length === 0) return [{ path: ['env'], value: entries }];
  let end = there.length;
  return entries.map((entry) => {
    const at = there.indexOf(entry.name);
    return { path: ['env', at < 0 ? end++ : at], value: entry };
  });
}

function refused(problem: Omit<Problem, 'code'>): Read<never> {
  return { ok: false, problems: [{ code: 'Unsupported', ...problem }] };
}
