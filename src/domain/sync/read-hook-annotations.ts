import type { Fields } from '../fields';
import { didYouMean } from '../read-suggestion';
import { partsOf, syncAnnotations } from './annotations';
import { helmPhases, phases } from './hook-phases';

/** When a hook's object is deleted. */
export type DeletePolicy = 'HookSucceeded' | 'HookFailed' | 'BeforeHookCreation';

const hookTypes: readonly string[] = [...phases, 'Skip'];
const deleteHooks: readonly string[] = ['PreDelete', 'PostDelete'];
const helmTypes: readonly string[] = [...Object.keys(helmPhases), 'crd-install'];

const policies: Readonly<Record<string, DeletePolicy>> = {
  BeforeHookCreation: 'BeforeHookCreation',
  HookSucceeded: 'HookSucceeded',
  HookFailed: 'HookFailed',
};
const helmPolicies: Readonly<Record<string, DeletePolicy>> = {
  'before-hook-creation': 'BeforeHookCreation',
  'hook-succeeded': 'HookSucceeded',
  'hook-failed': 'HookFailed',
};

/** Reports types of hooks that nobody knows, and those that run when an application is deleted. */
export function reportHookTypes(annotations: Fields): void {
  const name = syncAnnotations.hook;
  const types = partsOf(annotations.string(name));
  if (types.length === 0 && annotations.string(name) !== undefined)
    annotations.invalid(name, 'is empty', { remedy: `write one of ${hookTypes.join(', ')}, or remove it` });
  for (const type of types) {
    if (deleteHooks.includes(type)) reportDeleteHook(annotations, type);
    else if (!hookTypes.includes(type)) reportWord(annotations, name, { word: type, known: hookTypes });
    else if (type === 'Skip' && types.length > 1) {
      const message = 'Skip and other types of hooks exclude each other';
      annotations.invalid(name, message, { value: types.join(','), remedy: 'keep one of them' });
    }
  }
  if (types.length > 0) return; // what Helm says does not count then
  for (const type of partsOf(annotations.string(syncAnnotations.helmHook)))
    if (!helmTypes.includes(type))
      reportWord(annotations, syncAnnotations.helmHook, { word: type, known: helmTypes });
}

/** The delete policies of Argo CD's and Helm's annotation together; `BeforeHookCreation` where neither says any. */
export function readDeletePolicies(annotations: Fields): readonly DeletePolicy[] {
  const own = readPolicies(annotations, syncAnnotations.deletePolicy, policies);
  const helm = readPolicies(annotations, syncAnnotations.helmDeletePolicy, helmPolicies);
  const all = [...new Set([...own, ...helm])];
  return all.length > 0 ? all : ['BeforeHookCreation'];
}

function readPolicies(
  annotations: Fields,
  name: string,
  known: Readonly<Record<string, DeletePolicy>>,
): readonly DeletePolicy[] {
  return partsOf(annotations.string(name)).flatMap((word) => {
    const policy = Object.hasOwn(known, word) ? known[word] : undefined;
    if (policy !== undefined) return [policy];
    reportWord(annotations, name, { word, known: Object.keys(known) });
    return [];
  });
}

function reportDeleteHook(annotations: Fields, type: string): void {
  const path = [...annotations.path, syncAnnotations.hook];
  const message = `${type} hooks are not supported yet`;
  const remedy = 'remove it, and do by hand what it does when the application is deleted';
  annotations.report({ code: 'Unsupported', path, message, value: type, remedy });
}

function reportWord(
  annotations: Fields,
  name: string,
  { word, known }: { readonly word: string; readonly known: readonly string[] },
): void {
  const remedy = didYouMean(word, known, `use ${known.join(', ')}`);
  annotations.invalid(name, `"${word}" is none of ${known.join(', ')}`, { value: word, remedy });
}
