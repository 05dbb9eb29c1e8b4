import {
  asDeployment,
  asReplicaSet,
  type DeploymentObject,
  type PodTemplate,
  type ReplicaSetObject,
} from './apps';
import { fitName } from './fit-name';
import type { KubeObject } from './kube-object';
import { marks } from './marks';
import { hashOf, type ViewedKind } from './rollout-view';
import type { ExperimentTemplate } from './strategy';

/** What plans of experiments look at. */
export interface ExperimentView {
  /** All Deployments of the namespace: one of them may have an experiment's name. */
  readonly deployments: readonly DeploymentObject[];
  /** ReplicaSets and pods of any experiment. */
  readonly replicaSets: readonly ReplicaSetObject[];
  readonly pods: readonly KubeObject[];
}

export function viewExperiments(objects: (kind: ViewedKind) => readonly KubeObject[]): ExperimentView {
  return {
    deployments: objects('Deployment').map(asDeployment),
    replicaSets: objects('ReplicaSet')
      .filter((set) => set.metadata.labels?.[marks.experiment] !== undefined)
      .map(asReplicaSet),
    pods: objects('Pod').filter((pod) => pod.metadata.labels?.[marks.experiment] !== undefined),
  };
}

/** `<workload>-<step>-<template>`; steps count from 1. */
export function experimentName(workload: string, step: number, template: string): string {
  return fitName(`${workload}-${step}-${template}`);
}

/** Unique for each template of each experiment of each rollout. */
export function experimentId(rolloutId: string, step: number, template: string): string {
  return fitName(`${rolloutId}-${step}-${template}`);
}

/** Whether an id is of this rollout, and of this step of it if one is given. */
export function isIdOf(id: string | undefined, rolloutId: string, step?: number): boolean {
  return id?.startsWith(step === undefined ? `${rolloutId}-` : `${rolloutId}-${step}-`) ?? false;
}

export interface ExperimentMarks {
  readonly application: string;
  readonly rolloutId: string;
  readonly fence: number;
  readonly step: number;
}

/**
 * The Deployment of one template of an experiment. It is selected by its id alone and its pods do not carry the label of a rollout, so
 * that nobody else adopts or counts them. It starts with no pods: only a write that is fenced by its resourceVersion gives it some.
 */
export function composeExperiment(
  stable: DeploymentObject,
  source: PodTemplate,
  template: ExperimentTemplate,
  { application, rolloutId, fence, step }: ExperimentMarks,
): KubeObject {
  const { minReadySeconds, progressDeadlineSeconds } = stable.spec;
  const id = experimentId(rolloutId, step, template.name);
  const { [marks.rollout]: _rollout, ...labels } = source.metadata?.labels ?? {};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: experimentName(stable.metadata.name, step, template.name),
      ...(stable.metadata.namespace === undefined ? {} : { namespace: stable.metadata.namespace }),
      labels: {
        [marks.application]: application,
        [marks.rollout]: rolloutId,
        [marks.experiment]: id,
        [marks.experimentOf]: stable.metadata.name,
      },
      annotations: { [marks.fence]: String(fence) },
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { [marks.experiment]: id } },
      template: {
        ...source,
        metadata: {
          ...source.metadata,
          labels: { ...labels, ...template.labels, [marks.experiment]: id },
          annotations: { ...source.metadata?.annotations, ...template.annotations },
        },
      },
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
      revisionHistoryLimit: 0,
    },
  };
}

/** What analyses may ask of the pods of a template: `{{templates.<name>.podTemplateHash}}`, `{{templates.<name>.replicaset.name}}`. */
export interface ExperimentPods {
  readonly hash: string;
  readonly replicaSet: string;
}

/** By the template's name. */
export function podsByTemplate(
  view: ExperimentView,
  templates: readonly Pick<ExperimentTemplate, 'name'>[],
  { rolloutId, step }: Pick<ExperimentMarks, 'rolloutId' | 'step'>,
): Readonly<Record<string, ExperimentPods>> {
  return Object.fromEntries(
    templates.flatMap(({ name }) => {
      const id = experimentId(rolloutId, step, name);
      const set = view.replicaSets.find((each) => each.metadata.labels?.[marks.experiment] === id);
      return set === undefined ? [] : [[name, { hash: hashOf(set), replicaSet: set.metadata.name }]];
    }),
  );
}

/** Fills in what an argument's value says of the experiment's pods; other tags stay. */
export function fillTemplates(text: string, pods: Readonly<Record<string, ExperimentPods>>): string {
  return text.replace(
    /\{\{\s*templates\.([^{}\s]+?)\.(podTemplateHash|replicaset\.name)\s*\}\}/g,
    (tag: string, name: string, fact: string) => {
      const found = Object.hasOwn(pods, name) ? pods[name] : undefined;
      if (found === undefined) return tag;
      return fact === 'podTemplateHash' ? found.hash : found.replicaSet;
    },
  );
}
