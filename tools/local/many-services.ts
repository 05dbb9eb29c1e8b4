import type { ApplicationSpec } from '../../src/domain/application-spec';
import { delivered } from './delivered';

/** A release of small services in waves: each service depends on all of the wave before. */
export interface ManyServices {
  readonly release: string;
  /** Names by wave, the first wave first. */
  readonly waves: readonly (readonly string[])[];
}

/** `service-00` and so on, spread evenly over the waves. */
export function servicesInWaves(release: string, services: number, waves: number): ManyServices {
  const names = Array.from({ length: services }, (_, index) => `service-${String(index).padStart(2, '0')}`);
  const atMost = (wave: number) => Math.ceil((services * wave) / waves);
  return {
    release,
    waves: Array.from({ length: waves }, (_, wave) => names.slice(atMost(wave), atMost(wave + 1))),
  };
}

/** Their applications, all in one namespace, delivered from directories of their names in one repository. */
export function applicationsOf(
  { release, waves }: ManyServices,
  { repoUrl, namespace }: { readonly repoUrl: string; readonly namespace: string },
): readonly ApplicationSpec[] {
  return waves.flatMap((names, wave) =>
    names.map((name) => ({
      ...delivered({ name, repoUrl, path: name, namespace }),
      release: { release, dependsOn: waves[wave - 1] ?? [], wave: 0 },
    })),
  );
}

/** Manifests of all at a version by path; the image of `broken` does not exist. */
export function manifestsOf(
  { waves }: ManyServices,
  version: string,
  broken?: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    waves
      .flat()
      .map((name) => [
        `${name}/${name}.yaml`,
        manifest(name, name === broken ? `${version}-broken` : version),
      ]),
  );
}

function manifest(name: string, tag: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  strategy:
    canary:
      maxSurge: 1
      maxUnavailable: 0
      steps: [{setWeight: 50}, {pause: {duration: 300ms}}]
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: ${name}, image: "registry.example/shop/${name}:${tag}"}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{port: 80}]
`;
}
