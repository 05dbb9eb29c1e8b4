import type { ApplicationSpec } from './application-spec';
import { Fields } from './fields';
import { groupOf } from './kube-object';
import { readOf, type Located } from './located';
import type { Problem, Read } from './problem';
import { readApplicationAnnotations } from './read-application-annotations';
import { readCascade } from './read-cascade';
import { readDestination } from './read-destination';
import { readIgnoreDifferences } from './read-ignore-differences';
import { readWriteBack } from './read-application-write-back';
import { readMetadata } from './read-metadata';
import { isNameOfWorkflow, notANameOfWorkflow } from './read-name';
import { ignore, refuse, reportUnknown, type Refusals } from './read-refusals';
import { readSources } from './read-sources';
import { requireField } from './read-with';
import { readSyncPolicy } from './read-sync-policy';
import { readText } from './read-texts';

const otherKinds: Readonly<Record<string, string>> = {
  ApplicationSet: 'write one Application for each of the applications that it would generate',
  AppProject: 'keep it out of the files given to Belay; limits of a project are set at the worker',
};

const specRefusals: Refusals = {
  sourceHydrator: [
    'the source hydrator is',
    'point spec.source at the branch that holds the rendered manifests',
  ],
};

/** An Argo CD `Application` as Belay understands it, or everything that is wrong with it or not done yet. */
export function readApplication(located: Located): Read<ApplicationSpec> {
  const problems: Problem[] = [];
  const top = new Fields({ located, problems }, [], located.object);
  if (!isApplication(top)) return readOf<ApplicationSpec>(undefined, problems);
  readMetadata(top, 'application');
  const writeBack = readWriteBack(top);
  const cascade = readCascade(top);
  checkName(top);
  ignore(top, 'status');
  refuse(top, {
    operation: ['an operation written in the object is', 'remove it and ask with `belay app sync`'],
  });
  const written = requireField(top, 'spec', 'write spec.source and spec.destination');
  const spec = written ? top.map('spec') : undefined;
  const application = spec && readSpec(spec);
  reportUnknown(top);
  const sources = application && [application.source, ...(application.otherSources ?? [])];
  const annotations = readApplicationAnnotations(top, sources);
  const { name } = located.object.metadata;
  const value = application && { ...application, ...annotations, ...cascade, name, ...writeBack };
  return readOf<ApplicationSpec>(value, problems);
}

function isApplication(top: Fields): boolean {
  const apiVersion = top.string('apiVersion') ?? '';
  const kind = top.string('kind') ?? '';
  const isArgo = groupOf(apiVersion) === 'argoproj.io';
  if (isArgo && kind === 'Application') {
    if (apiVersion === 'argoproj.io/v1alpha1') return true;
    const remedy = 'write argoproj.io/v1alpha1';
    top.invalid('apiVersion', `version ${apiVersion} is unknown`, { value: apiVersion, remedy });
    return false;
  }
  const other = isArgo && Object.hasOwn(otherKinds, kind) ? otherKinds[kind] : undefined;
  if (other !== undefined) {
    top.report({ code: 'Unsupported', path: [], message: `${kind} is not supported yet`, remedy: other });
    return false;
  }
  const remedy = 'give a file that holds only applications (argoproj.io/v1alpha1)';
  top.report({ code: 'InvalidSpec', path: [], message: 'is not an Application', value: kind, remedy });
  return false;
}

function checkName(top: Fields): void {
  const { name } = top.source.located.object.metadata;
  if (!isNameOfWorkflow(name)) top.report(notANameOfWorkflow(name));
}

function readSpec(spec: Fields): Omit<ApplicationSpec, 'name' | 'writeBack'> | undefined {
  refuse(spec, specRefusals);
  ignore(spec, 'info');
  const project = readText(spec, 'project') ?? 'default';
  const sources = readSources(spec);
  const destination = readDestination(spec);
  const policy = readSyncPolicy(spec);
  const ignoreDifferences = readIgnoreDifferences(spec);
  const revisionHistoryLimit = spec.int('revisionHistoryLimit') ?? 10;
  reportUnknown(spec);
  if (sources === undefined || destination === undefined) return undefined;
  const ignored = ignoreDifferences !== undefined && { ignoreDifferences };
  return { project, ...sources, destination, ...policy, ...ignored, revisionHistoryLimit };
}
