import type { KubeObject } from './kube-object';
import { peekList, peekText } from './peek';
import { tidy, trouble } from './trouble';
import type { JudgeContext, Trouble } from './trouble';

/** What a container lacks: an object, or one key of it. */
interface Missing {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name?: string;
  readonly key?: string;
}

/** The kubelet has not caught up with the API server yet; it says so and tries again. */
const TRANSIENT_CONFIG =
  /failed to sync (configmap|secret) cache|services have not yet been read|object "[^"]*"\/"[^"]*" not registered/;

/** Wordings of kubelet_pods.go (env), and of the configmap, secret and projected volume plugins. */
const OBJECT = /\b(configmap|secret) "([^"]+)" not found/i;
const KEY = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^\s/]+\/)?([^\s/:,]+)/i;
const ITEM = /references non-existent (config|secret) key: ([^\s\]]+)/;
const MISSING = [OBJECT, KEY, ITEM];

/** Whether a message is about configuration at all: missing, or not synchronised yet. */
export function namesConfig(message: string): boolean {
  return TRANSIENT_CONFIG.test(message) || MISSING.some((wording) => wording.test(message));
}

/**
 * Judges a message about configuration of a pod (CreateContainerConfigError or FailedMount): undefined if it is about something
 * else, if it will pass, or if the object exists by now. A failure at once where nothing can create what is missing.
 */
export function judgeMissingConfig(
  pod: KubeObject,
  said: { readonly reason: string; readonly message: string },
  context: JudgeContext,
): Trouble | undefined {
  const missing = TRANSIENT_CONFIG.test(said.message) ? undefined : readMissing(pod, said.message);
  if (missing === undefined) return undefined;
  const id = `${missing.kind}/${missing.name ?? ''}`;
  // The object was created after the kubelet looked; it looks again within two minutes. A key is not looked up here.
  if (missing.key === undefined && context.existing.includes(id)) return undefined;
  const isGenerated = context.generated.includes(id);
  return trouble({
    code: 'MissingConfig',
    reason: said.reason,
    message: tidy(said.message),
    grace: isGenerated ? context.grace.missingConfig : 0,
    what: describe(missing),
    todo: isGenerated
      ? `Something in this revision should create ${id}: look at its status (kubectl describe).`
      : 'Add it to Git, or mark the reference as optional.',
  });
}

function describe({ kind, name, key }: Missing): string {
  const object = name === undefined ? `a ${kind}` : `${kind} ${name}`;
  return key === undefined ? `${object} is missing` : `${object} has no key ${key}`;
}

function readMissing(pod: KubeObject, message: string): Missing | undefined {
  const object = OBJECT.exec(message);
  if (object !== null) return { kind: kindOf(object[1]), ...named(object[2]) };
  const key = KEY.exec(message);
  if (key !== null) return { kind: kindOf(key[2]), ...named(key[3]), key: key[1] ?? '' };
  const item = ITEM.exec(message);
  if (item === null) return undefined;
  const kind = item[1] === 'secret' ? 'Secret' : 'ConfigMap';
  return { kind, ...named(sourceOf(pod, kind, message)), key: item[2] ?? '' };
}

function kindOf(word: string | undefined): 'ConfigMap' | 'Secret' {
  return word?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

/** The object behind the volume that a mount error names (`MountVolume.SetUp failed for volume "config"`). */
function sourceOf(pod: KubeObject, kind: 'ConfigMap' | 'Secret', message: string): string | undefined {
  const volumeName = /for volume "([^"]+)"/.exec(message)?.[1];
  const volume = peekList(pod, 'spec', 'volumes').find((entry) => peekText(entry, 'name') === volumeName);
  return kind === 'Secret' ? peekText(volume, 'secret', 'secretName') : peekText(volume, 'configMap', 'name');
}
