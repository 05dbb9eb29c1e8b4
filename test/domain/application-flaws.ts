import type { ApplicationSpec } from '../../src/domain/application-spec';
import { readApplication } from '../../src/domain/read-application';
import type { Read } from '../../src/domain/problem';
import { objectsIn } from './read-yaml';

/** Reads an Application of which only a part matters: its spec besides the destination, and its metadata besides the name. */
export function applicationWith(spec: string, metadata = 'namespace: argocd'): Read<ApplicationSpec> {
  const [located] = objectsIn(
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, ${metadata} }
spec:
  destination: { name: in-cluster, namespace: shop }
  ${spec.replaceAll('\n', '\n  ')}
`,
    'app.yaml',
  );
  if (located === undefined) throw new Error('no object');
  return readApplication(located);
}

/** An Application with one source, of which `rest` are the fields besides repository and path, in one line. */
export function sourceWith(rest: string): Read<ApplicationSpec> {
  return applicationWith(
    `source: { repoURL: https://git.example/shop.git, path: deploy/web${rest && `, ${rest}`} }`,
  );
}

/** What a person is told, without place and object: `Code field: message; remedy`. */
export function flaws(read: Read<unknown>): readonly string[] {
  if (read.ok) return [];
  return read.problems.map(
    ({ code, field = '', message, remedy = '' }) => `${code} ${field}: ${message}; ${remedy}`,
  );
}
