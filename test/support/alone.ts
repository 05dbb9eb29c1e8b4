import type { ApplicationSpec } from '../../src/domain/application-spec';
import { deliveredFrom } from './delivery';
import type { Environment } from './environment';
import { follow, type Followed } from './followed';
import { commitFiles, createBareRepo, type BareRepo, type FileSpec } from './git-repo';

/** An application with a repository of its own. */
export interface Alone extends Followed {
  readonly name: string;
  readonly repo: BareRepo;
  readonly spec: ApplicationSpec;
  /** Paths are relative to the path of the application. */
  push(files: Readonly<Record<string, FileSpec>>): Promise<string>;
}

/** Makes a repository with these files and the application, and waits until it is Healthy. */
export async function openAlone(
  env: Environment,
  name: string,
  files: Readonly<Record<string, FileSpec>>,
  more: Partial<ApplicationSpec> = {},
): Promise<Alone> {
  const repo = await createBareRepo();
  const spec: ApplicationSpec = { ...deliveredFrom(repo, name, 'k8s'), ...more };
  const alone: Alone = {
    ...follow(env, name, spec.destination.namespace, 120_000),
    name,
    repo,
    spec,
    push: (given) =>
      commitFiles(
        repo,
        Object.fromEntries(Object.entries(given).map(([path, content]) => [`k8s/${path}`, content])),
      ),
  };
  const first = await alone.push(files);
  await env.client.createApplication(spec);
  await alone.settled(first);
  return alone;
}
