import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';
import type { AnalysisArg, ArgSource } from './spec';

/** Reads `spec.args` of a template: a default, a Secret, a field of the Rollout, or nothing: then it has to be given. */
export function readTemplateArgs(spec: Fields): readonly AnalysisArg[] {
  const seen = new Set<string>();
  return spec.maps('args').flatMap((arg) => {
    const name = requireField(arg, 'name', 'name the argument') ? arg.string('name') : undefined;
    const source = readSource(arg);
    reportUnknown(arg);
    if (name === undefined) return [];
    if (seen.has(name)) {
      arg.invalid('name', `argument ${name} is there twice`, {
        value: name,
        remedy: 'remove one of the two',
      });
    }
    seen.add(name);
    return [{ name, source }];
  });
}

function readSource(arg: Fields): ArgSource {
  const value = arg.string('value');
  const from = arg.map('valueFrom');
  if (value !== undefined && from !== undefined) {
    arg.invalid('valueFrom', 'value and valueFrom are both given', { remedy: 'keep one of them' });
  }
  const source = from && readValueFrom(from);
  if (source !== undefined) return source;
  return value === undefined ? { kind: 'missing' } : { kind: 'value', value };
}

function readValueFrom(from: Fields): ArgSource | undefined {
  const secret = from.map('secretKeyRef');
  const field = from.map('fieldRef');
  reportUnknown(from);
  if ((secret === undefined) === (field === undefined)) {
    const remedy = 'write secretKeyRef with name and key, or fieldRef with fieldPath';
    const path = from.path;
    const message = secret === undefined ? 'names no source' : 'names two sources';
    // Something else, misspelt or of a wrong type, has been told already.
    if (secret !== undefined || Object.keys(from.values).length === 0) {
      from.report({ code: 'InvalidSpec', path, message, remedy });
    }
    return undefined;
  }
  if (secret !== undefined) {
    const name = requireField(secret, 'name', 'name the Secret') ? secret.string('name') : undefined;
    const key = requireField(secret, 'key', 'name a key of the Secret') ? secret.string('key') : undefined;
    reportUnknown(secret);
    return name === undefined || key === undefined ? undefined : { kind: 'secret', name, key };
  }
  if (field === undefined) return undefined;
  const isWritten = requireField(field, 'fieldPath', 'write a path such as metadata.name');
  const fieldPath = isWritten ? field.string('fieldPath') : undefined;
  reportUnknown(field);
  return fieldPath === undefined ? undefined : { kind: 'field', fieldPath };
}
