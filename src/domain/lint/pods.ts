import { peekList, peekText } from '../peek';
import { valueAt } from '../read-json';
import { findingAt, type LintFinding } from './finding';
import type { Linted, Subject } from './subject';

const containers = ['spec', 'template', 'spec', 'containers'];

/** Pods whose readiness nobody checks, and images that may change under one name. */
export function lintPods({ subjects }: Linted): readonly LintFinding[] {
  return subjects.flatMap((subject) => [...withoutProbe(subject), ...floatingImages(subject)]);
}

function withoutProbe({ pods, workload }: Subject): readonly LintFinding[] {
  const all = peekList(pods.object, ...containers);
  if (all.length === 0 || all.some((each) => valueAt(each, 'readinessProbe') !== undefined)) return [];
  const message = `no container of ${workload.kind} ${workload.name} has a readinessProbe, so its pods count as ready once they run`;
  const remedy = 'add a readinessProbe: it decides when users and the next step come';
  return [
    findingAt(pods, { severity: 'warning', code: 'NoReadinessProbe', path: containers, message, remedy }),
  ];
}

function floatingImages({ pods }: Subject): readonly LintFinding[] {
  return peekList(pods.object, ...containers).flatMap((container, index) => {
    const image = peekText(container, 'image');
    if (image === undefined || !isFloating(image)) return [];
    const message = `Git does not say which version "${image}" is, so a new one is no change and an old one no way back`;
    const path = [...containers, index, 'image'];
    const remedy = 'write a tag of one version, or a digest';
    return [
      findingAt(pods, { severity: 'warning', code: 'FloatingImage', path, message, value: image, remedy }),
    ];
  });
}

function isFloating(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}
