import type { Complaint } from './complaint';
import { readFieldPath } from './field-path';
import type { ArgSource } from './spec';
import { fillText, nothingMet, type Filling, type Lookup } from './substitute';

/** Where arguments find their values. */
export interface ArgContext {
  readonly rollout: { readonly metadata: object; readonly spec?: object; readonly status?: object };
  /** Pod hashes of the two sides. */
  readonly hashes: { readonly Stable?: string; readonly Latest?: string };
  /** What tags in given values mean, for experiments: `templates.canary.podTemplateHash`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The values of arguments; without a context those that a rollout has to tell are unknown. */
export function argValues(
  args: ReadonlyMap<string, ArgSource>,
  context: ArgContext | undefined,
): { readonly lookup: Lookup; readonly complaints: readonly Complaint[] } {
  const values = new Map<string, Filling>();
  const complaints: Complaint[] = [];
  const hasSecret = [...args.values()].some(({ kind }) => kind === 'secret');
  for (const [name, source] of args) {
    const value = valueOf(source, context);
    if ('message' in value) {
      complaints.push({ message: `argument "${name}": ${value.message}`, remedy: value.remedy });
    } else if (hasSecret && value.kind === 'text' && value.text.includes('{{')) {
      // It could spell the tag of a secret, and would be filled in where nobody meant it.
      const message = `argument "${name}" has a value with {{ beside an argument from a Secret`;
      complaints.push({ message, remedy: 'write the value without double braces' });
    }
    // What is complained about is not complained about again where it is used.
    values.set(name, 'message' in value ? { kind: 'unknown' } : value);
  }
  const prefix = 'args.';
  const lookup: Lookup = (tag) => (tag.startsWith(prefix) ? values.get(tag.slice(prefix.length)) : undefined);
  return { lookup, complaints };
}

function valueOf(source: ArgSource, context: ArgContext | undefined): Filling | Complaint {
  switch (source.kind) {
    case 'value':
      return givenValue(source.value, context);
    case 'secret':
      return { kind: 'secret' };
    case 'missing':
      return { kind: 'unknown' };
    case 'hash': {
      if (context === undefined) return { kind: 'unknown' };
      const hash = context.hashes[source.of];
      if (hash !== undefined) return { kind: 'text', text: hash };
      const message = `there is no ${source.of.toLowerCase()} version whose hash it could be`;
      return { message, remedy: 'give a value, or leave the analysis out of a first deployment' };
    }
    case 'field': {
      if (context === undefined) return { kind: 'unknown' };
      const read = readFieldPath(context.rollout, source.fieldPath);
      if (read.ok) return { kind: 'text', text: read.text };
      return { message: read.message, remedy: 'write a path such as metadata.name or spec.replicas' };
    }
  }
}

function givenValue(text: string, context: ArgContext | undefined): Filling {
  if (!text.includes('{{')) return { kind: 'text', text };
  if (context === undefined) {
    return /\{\{\s*(templates|experiment)\./.test(text) ? { kind: 'unknown' } : { kind: 'text', text };
  }
  const tags = context.tags ?? {};
  const lookup: Lookup = (tag) => {
    const value = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    return value === undefined ? undefined : { kind: 'text', text: value };
  };
  return { kind: 'text', text: fillText(text, lookup, nothingMet()) };
}
