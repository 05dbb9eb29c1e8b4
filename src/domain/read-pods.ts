import type { Fields } from './fields';
import { textOf } from './read-json';
import { refuseReserved } from './read-metadata';
import { firstMismatch, readSelector } from './read-selector';
import { requireField } from './read-with';

/** Reads selector and pod template of a Deployment's or Rollout's spec, and returns the labels of its pods, if any. */
export function readPods(spec: Fields): Readonly<Record<string, string>> | undefined {
  const selector = readSelector(spec);
  const written = requireField(spec, 'template', 'write the pod template');
  const template = written ? spec.map('template') : undefined;
  if (template === undefined) return undefined;
  const metadata = template.map('metadata');
  const labels = metadata?.strings('labels') ?? {};
  if (metadata !== undefined) refuseReserved(metadata, 'labels', labels);
  const missing = selector && firstMismatch(selector, labels);
  if (missing !== undefined) {
    const message = `selector wants ${missing}, which the labels of the pod template do not give`;
    spec.invalid('selector', message, { remedy: 'make spec.template.metadata.labels match' });
  }
  readContainers(template);
  return labels;
}

function readContainers(template: Fields): void {
  const remedy = 'write spec.containers with a name and an image each';
  const written = requireField(template, 'spec', remedy);
  const pod = written ? template.map('spec') : undefined;
  if (pod === undefined) return;
  const containers = pod.maps('containers');
  if (pod.list('containers').length === 0)
    pod.invalid('containers', 'the pod template has no container', { remedy });
  for (const container of [...pod.maps('initContainers'), ...containers]) {
    requireField(container, 'name', 'give the container a name');
    const name = container.raw('name');
    const called = typeof name === 'string' ? `container "${textOf(name)}"` : 'the container';
    if ((container.string('image') ?? '') !== '' || typeof container.raw('image') === 'number') continue;
    container.invalid('image', `${called} has no image`, { remedy: 'write the image to run' });
  }
}
