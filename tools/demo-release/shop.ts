import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApplicationFile } from '../../src/adapters/manifests/read-application-file';
import type { ApplicationSpec } from '../../src/domain/application-spec';

const example = join('examples', 'shop-release');
/** What the example says of its version: tags of the shop's images, the schema, and the revision of the flags. */
const versions = /(image: registry\.example\.com\/shop\/[a-z-]+:|SCHEMA: |REVISION: )v1$/gm;

/** Manifests of the example at a version, by path below `services/`; the image of `broken` does not exist. */
export function shopAt(version: string, broken?: string): Readonly<Record<string, string>> {
  const services = readdirSync(join(example, 'services'));
  return Object.fromEntries(
    services.map((name) => {
      const path = join(name, `${name}.yaml`);
      const text = readFileSync(join(example, 'services', path), 'utf8');
      return [path, text.replaceAll(versions, `$1${name === broken ? `${version}-broken` : version}`)];
    }),
  );
}

/** The applications of the example, delivered from another repository. */
export function shopApplications(repoUrl: string): readonly ApplicationSpec[] {
  const file = join(example, 'application.yaml');
  const text = readFileSync(file, 'utf8').replaceAll(/repoURL: .*/g, `repoURL: ${repoUrl}`);
  const read = readApplicationFile(text, file);
  if (!read.ok) throw new Error(`${file} does not read: ${read.problems[0]?.message ?? ''}`);
  return read.value;
}
