import type { Fields } from './fields';
import { didYouMean } from './read-suggestion';
import { readTextItems } from './read-texts';

const domain = 'argocd.argoproj.io';
const resources = `resources-finalizer.${domain}`;
/** Deleting with any of these deletes the objects; of the order in which Kubernetes does it, sync options speak. */
const cascading = [resources, `${resources}/foreground`, `${resources}/background`];
/** Argo CD writes these itself where an application has hooks for its deletion. */
const ownOfArgo = [`pre-delete-finalizer.${domain}`, `post-delete-finalizer.${domain}`];

/** Reads `metadata.finalizers`: whether deleting the application deletes its objects. Those of others are theirs. */
export function readCascade(top: Fields): { readonly cascade?: true } {
  const metadata = top.map('metadata');
  const items = metadata === undefined ? [] : readTextItems(metadata, 'finalizers');
  for (const { text, path } of items) {
    const [name = ''] = text.split('/');
    if (!/(^|\.)argoproj\.io$/.test(name) || cascading.includes(text) || ownOfArgo.includes(name)) continue;
    const remedy = didYouMean(text, cascading, `known here: ${cascading.join(', ')}`);
    top.report({ code: 'UnknownField', path, message: 'unknown finalizer of Argo CD', value: text, remedy });
  }
  return items.some(({ text }) => cascading.includes(text)) ? { cascade: true } : {};
}
