import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { toolsPath } from './paths';

/** The part of kwok's Stage that is completed here. */
interface Stage {
  spec: {
    resourceRef: { kind: string };
    selector: { matchExpressions: { jq: { key: string } }[] };
    delay?: { durationFrom?: { jq: { expression: string } } };
    steps: { patch?: { template: string }; apply?: { template: string } }[];
  };
}

const CONFIGURATION = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokConfiguration',
  metadata: { name: 'kwok' },
  // The default plays four pods at a time.
  options: { podPlayStageParallelism: 16, nodePlayStageParallelism: 4, nodeLeaseParallelism: 4 },
};

/**
 * Writes kwok's configuration: the stages of tools/kwok/stages, a pod's each with the definitions
 * that its expressions (pod.jq) and templates (pod.tpl) use.
 */
export async function writeStages(path: string): Promise<void> {
  const source = toolsPath('kwok', 'stages');
  const jq = (await readFile(join(source, 'pod.jq'), 'utf8')).replace(/^#.*\n/gm, '');
  const template = await readFile(join(source, 'pod.tpl'), 'utf8');
  const files = (await readdir(source)).filter((file) => file.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(source, file), 'utf8')));
  const stages = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Stage));
  for (const stage of stages) if (stage.spec.resourceRef.kind === 'Pod') completeStage(stage, jq, template);
  // JSON is YAML: one document a line.
  const documents = [CONFIGURATION, ...stages].map((document) => JSON.stringify(document));
  await writeFile(path, documents.join('\n---\n'));
}

function completeStage({ spec }: Stage, jq: string, template: string): void {
  for (const { jq: selector } of spec.selector.matchExpressions) selector.key = `${jq} ${selector.key}`;
  const duration = spec.delay?.durationFrom?.jq;
  if (duration) duration.expression = `${jq} ${duration.expression}`;
  for (const { patch, apply } of spec.steps) {
    if (patch) patch.template = template + patch.template;
    if (apply) apply.template = template + apply.template;
  }
}
