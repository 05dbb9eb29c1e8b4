import type { KustomizeOptions } from './application-spec';
import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { checkRelativePath } from './read-repo-path';
import { asked, readText } from './read-texts';

const targetKeys = ['group', 'version', 'kind', 'name', 'namespace', 'labelSelector', 'annotationSelector'];

/** Reads `kustomize.patches`, each kept as it is written; whether the patch fits is found out where it is built. */
export function readPatches(kustomize: Fields, directory: string): KustomizeOptions['patches'] {
  const patches = kustomize.maps('patches').map((patch) => {
    checkBody(patch, directory);
    checkTarget(patch);
    const options = patch.map('options');
    for (const key of ['allowNameChange', 'allowKindChange']) options?.boolean(key);
    if (options !== undefined) reportUnknown(options);
    reportUnknown(patch);
    return patch.values;
  });
  return asked(patches);
}

/** Kustomize takes the text of a patch or the path of a file with it, not both. */
function checkBody(patch: Fields, directory: string): void {
  const [text, path] = [readText(patch, 'patch'), readText(patch, 'path')];
  if (text !== undefined && path !== undefined) {
    patch.invalid('path', 'patch and path are both given', { remedy: 'keep one of them' });
  }
  if (patch.raw('patch') === undefined && patch.raw('path') === undefined) {
    const remedy = 'write patch with its text, or path of a file';
    patch.report({ code: 'InvalidSpec', path: patch.path, message: 'says no patch', remedy });
  }
  if (path !== undefined) checkRelativePath(patch, { text: path, path: [...patch.path, 'path'] }, directory);
}

function checkTarget(patch: Fields): void {
  const target = patch.map('target');
  if (target === undefined) return;
  const texts = targetKeys.map((key) => readText(target, key));
  if (texts.every((text) => text === undefined) && target.unread().unread.length === 0) {
    const remedy = `write one of: ${targetKeys.join(', ')}; or remove target`;
    patch.invalid('target', 'names nothing', { remedy });
  }
  reportUnknown(target);
}
