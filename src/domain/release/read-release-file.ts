import { readDuration } from '../duration';
import { Fields } from '../fields';
import { problemAt, readOf, type Located } from '../located';
import type { Problem, Read } from '../problem';
import { isNameOfWorkflow, notANameOfWorkflow } from '../read-name';
import { ignore, reportUnknown } from '../read-refusals';
import { readTextItems, written } from '../read-texts';
import { readWith, requireField } from '../read-with';
import { checkRelease } from './check';
import {
  defaultReleaseOptions,
  mostParallel,
  newCommitPolicies,
  releaseModes,
  rollbackPolicies,
  type Member,
  type ReleaseOptions,
  type ReleaseSpec,
} from './spec';

const group = 'belay.dev/';
const version = 'belay.dev/v1alpha1';

/**
 * A `Release` (belay.dev/v1alpha1) as a person writes it in a file for the command line; no cluster has such a kind. Edges that lead
 * nowhere and cycles are problems, too.
 */
export function readRelease(located: Located): Read<ReleaseSpec> {
  const problems: Problem[] = [];
  const top = new Fields({ located, problems }, [], located.object);
  if (!isRelease(top)) return readOf<ReleaseSpec>(undefined, problems);
  readHead(top);
  const there = requireField(top, 'spec', 'write spec.members');
  const spec = there ? top.map('spec') : undefined;
  const read = spec && readSpec(spec);
  reportUnknown(top);
  const release = read && { name: located.object.metadata.name, ...read };
  if (release !== undefined && problems.length === 0) problems.push(...edgeProblems(located, release));
  return readOf<ReleaseSpec>(release, problems);
}

/** Their sentences begin with the member whose edges they are about; that is where they are shown. */
function edgeProblems(located: Located, release: ReleaseSpec): readonly Problem[] {
  return checkRelease(release).map(({ code, message, value, remedy }) => {
    const index = release.members.findIndex(({ application }) => message.startsWith(`${application} `));
    const path = ['spec', 'members', ...(index < 0 ? [] : [index, 'dependsOn'])];
    const advice = { ...(value !== undefined && { value }), ...(remedy !== undefined && { remedy }) };
    return problemAt(located, { code, path, message, ...advice });
  });
}

function isRelease(top: Fields): boolean {
  const apiVersion = top.string('apiVersion') ?? '';
  const kind = top.string('kind') ?? '';
  if (apiVersion.startsWith(group) && kind === 'Release') {
    if (apiVersion === version) return true;
    const remedy = `write ${version}`;
    top.invalid('apiVersion', `version ${apiVersion} is unknown`, { value: apiVersion, remedy });
    return false;
  }
  const remedy =
    kind === 'Application'
      ? 'give applications to `belay app create -f`, and only releases here'
      : `give a file that holds only releases (${version})`;
  top.report({ code: 'InvalidSpec', path: [], message: 'is not a Release', value: kind, remedy });
  return false;
}

function readHead(top: Fields): void {
  const metadata = top.map('metadata');
  if (metadata === undefined) return;
  ignore(metadata, 'name', 'labels', 'annotations');
  reportUnknown(metadata);
  const { name } = top.source.located.object.metadata;
  if (!isNameOfWorkflow(name)) top.report(notANameOfWorkflow(name));
}

function readSpec(spec: Fields): Omit<ReleaseSpec, 'name'> {
  const options = written<Partial<ReleaseOptions>>({
    mode: spec.oneOf('mode', releaseModes),
    rollback: spec.oneOf('rollback', rollbackPolicies),
    bakeMs: readWith(spec, 'bake', readDuration),
    newCommit: spec.oneOf('newCommit', newCommitPolicies),
    parallel: spec.int('parallel', { min: 1, max: mostParallel }),
  });
  const members = readMembers(spec);
  reportUnknown(spec);
  return { members, options: { ...defaultReleaseOptions, ...options } };
}

function readMembers(spec: Fields): readonly Member[] {
  const lines = new Map<string, number>();
  const items = spec.maps('members');
  if (items.length === 0 && spec.list('members').length === 0)
    spec.invalid('members', 'names no application', { remedy: 'write a list of `- application: NAME`' });
  return items.flatMap((item, index) => {
    const member = readMember(item);
    if (member === undefined) return [];
    const first = lines.get(member.application);
    if (first === undefined) {
      lines.set(member.application, index);
      return [member];
    }
    const message = `${member.application} is a member already`;
    const remedy = `write it once, with all that it depends on: it is spec.members[${first}] too`;
    item.invalid('application', message, { value: member.application, remedy });
    return [];
  });
}

function readMember(item: Fields): Member | undefined {
  const application = requireField(item, 'application', 'name an application of `belay app list`')
    ? item.string('application')
    : undefined;
  const dependsOn = readTextItems(item, 'dependsOn').map(({ text }) => text);
  reportUnknown(item);
  return application === undefined ? undefined : { application, dependsOn: [...new Set(dependsOn)], wave: 0 };
}
