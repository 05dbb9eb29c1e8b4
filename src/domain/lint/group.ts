import { groupOf } from '../kube-object';
import type { Located } from '../located';
import { peekText } from '../peek';
import { valueAt } from '../read-json';

/** Objects that lint reads together: one directory, or a whole tree where an Application asks for it. */
export interface LintGroup {
  readonly directory: string;
  readonly objects: readonly Located[];
  /** For objects that name no namespace. */
  readonly namespace: string;
}

/** Whether an object is one that Belay is given, rather than one of a revision. */
export function isApplicationLike({ object }: Located): boolean {
  const isArgo = groupOf(object.apiVersion) === 'argoproj.io';
  return isArgo && ['Application', 'ApplicationSet', 'AppProject'].includes(object.kind);
}

/**
 * Divides objects into revisions. The files of a directory are one; an Application among all objects whose `source.path` names that
 * directory gives its namespace, and with `directory.recurse` the directories below belong to it. `namespace` beats Applications.
 */
export function groupRevisions(all: readonly Located[], namespace?: string): readonly LintGroup[] {
  const applications = all.filter(({ object }) => object.kind === 'Application');
  const groups = new Map<string, Located[]>();
  const owners = new Map<string, Located | undefined>();
  for (const located of all) {
    const { directory, owner } = revisionOf(directoryOf(located.file), applications);
    if (owner === undefined && isApplicationLike(located)) continue;
    groups.set(directory, [...(groups.get(directory) ?? []), located]);
    owners.set(directory, owner);
  }
  return [...groups].map(([directory, objects]) => ({
    directory,
    objects,
    namespace: namespace ?? namespaceFor(objects, owners.get(directory)),
  }));
}

function directoryOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '.' : file.slice(0, slash);
}

interface Owned {
  readonly directory: string;
  readonly owner?: Located | undefined;
}

/** The directory that is read together with this one, and the Application that says so, if any. */
function revisionOf(directory: string, applications: readonly Located[]): Owned {
  const parts = directory.split('/');
  for (let length = parts.length; length > 0; length--) {
    const above = parts.slice(0, length).join('/');
    const owner = nearest(
      applications.filter((each) => points(each, above)),
      above,
    );
    const recurses = valueAt(owner?.object, 'spec', 'source', 'directory', 'recurse') === true;
    if (owner !== undefined && (above === directory || recurses)) return { directory: above, owner };
  }
  return { directory };
}

function points({ object }: Located, directory: string): boolean {
  const path = peekText(object, 'spec', 'source', 'path')?.replace(/^\.?\/+|\/+$/g, '') ?? '';
  if (path === '' || path === '.') return false;
  return `/${directory}`.endsWith(`/${path}`) || `/${path}`.endsWith(`/${directory}`);
}

/** Of several Applications with the same path, in different repositories, the one that is written nearest. */
function nearest(applications: readonly Located[], directory: string): Located | undefined {
  const shared = ({ file }: Located) => {
    const own = directoryOf(file).split('/');
    return directory.split('/').findIndex((part, index) => part !== own[index]) >>> 0;
  };
  return [...applications].sort((a, b) => shared(b) - shared(a))[0];
}

function namespaceFor(objects: readonly Located[], owner: Located | undefined): string {
  const written = new Set(objects.map(({ object }) => object.metadata.namespace).filter((each) => each));
  const [only = 'default'] = written.size === 1 ? [...written] : [];
  return peekText(owner?.object, 'spec', 'destination', 'namespace') ?? only;
}
