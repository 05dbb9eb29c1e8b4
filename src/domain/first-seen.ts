import type { KubeObject } from './kube-object';
import { hasCondition } from './peek';
import { containersOf, isBeingCreated } from './pod-containers';
import type { FirstSeen, PodsSeen } from './pod-verdict';
import type { PodFinding } from './trouble';

/** The key of a finding, such as `Pod web-1/app/Registry`. By code and not by reason: ErrImagePull and ImagePullBackOff take turns. */
export function keyOf(finding: PodFinding): string {
  const name =
    finding.kind === 'trouble' ? [finding.code, finding.episode].filter(Boolean).join('-') : finding.reason;
  return `${finding.object}/${finding.container ?? ''}/${name}`;
}

/** Keeps what was first seen earlier for as long as the container (or pod) has not got past it, so that flapping does not reset it. */
export function remember(
  seen: PodsSeen,
  live: readonly KubeObject[],
  findings: readonly PodFinding[],
): FirstSeen {
  const open = live.filter((pod) => !hasCondition(pod, 'Ready', 'True')).flatMap(openPlaces);
  const kept = Object.entries(seen.firstSeen).filter(([key]) => open.some((place) => key.startsWith(place)));
  const found = findings.map(
    (finding) => [keyOf(finding), seen.firstSeen[keyOf(finding)] ?? seen.now] as const,
  );
  return Object.fromEntries([...kept, ...found]);
}

function openPlaces(pod: KubeObject): readonly string[] {
  const containers = containersOf(pod);
  const name = `Pod ${pod.metadata.name}`;
  const waiting = containers
    .filter(({ waiting }) => waiting !== undefined)
    .map((container) => `${name}/${container.name}/`);
  return containers.some(isBeingCreated) ? [`${name}//`, ...waiting] : waiting;
}
