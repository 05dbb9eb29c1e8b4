import type { ReleaseClient, ReleaseStatus } from '../../src/client';
import type { MemberHead, ReleasesState } from '../../src/domain/release/releases-state';
import { defaultReleaseOptions, type ReleaseSpec } from '../../src/domain/release/spec';
import type { MemberState, ReleaseState } from '../../src/domain/release/state';
import type { BelayClient } from '../../src/client';
import { bad, good, minutesAgo } from '../client/fixtures/statuses';

/** `migrate` before `api` and `cart`, and those before `web`. */
export const spec: ReleaseSpec = {
  name: 'shop',
  members: [
    { application: 'migrate', dependsOn: [], wave: 0 },
    { application: 'api', dependsOn: ['migrate'], wave: 0 },
    { application: 'cart', dependsOn: ['migrate'], wave: 0 },
    { application: 'web', dependsOn: ['api', 'cart'], wave: 0 },
  ],
  options: { ...defaultReleaseOptions, bakeMs: 600_000 },
};

const waves: Readonly<Record<string, number>> = { migrate: 0, api: 1, cart: 1, web: 2 };

/** A member that has not begun. */
export function member(application: string, changes: Partial<MemberState> = {}): MemberState {
  const dependsOn = spec.members.find((each) => each.application === application)?.dependsOn ?? [];
  const rest = { revision: bad, stage: 'waiting', message: 'has not begun', since: minutesAgo(4) } as const;
  return { application, dependsOn, wave: waves[application] ?? 0, ...rest, ...changes };
}

/** Of these members. */
export function membersOf(...members: readonly MemberState[]): ReleaseState['members'] {
  return Object.fromEntries(members.map((each) => [each.application, each]));
}

/** The third release of shop: `migrate` is out, `api` comes out, the others wait. */
export function releaseState(changes: Partial<ReleaseState> = {}): ReleaseState {
  return {
    id: 'release/shop/3',
    spec,
    phase: 'Progressing',
    message: 'wave 2 of 3: 1 of 4 members are out; coming out: api, cart',
    since: minutesAgo(4),
    startedAt: minutesAgo(4),
    members: membersOf(
      member('migrate', { want: 'deliver', stage: 'ready', message: 'is out', since: minutesAgo(3) }),
      member('api', {
        want: 'deliver',
        stage: 'delivering',
        message: 'api: pause 5 min',
        since: minutesAgo(2),
      }),
      member('cart', {
        want: 'deliver',
        stage: 'unchanged',
        message: 'brings nothing new',
        since: minutesAgo(2),
      }),
      member('web'),
    ),
    log: [
      { at: minutesAgo(4), text: '4 members in 3 waves' },
      { at: minutesAgo(4), text: 'migrate: coming out' },
    ],
    ...changes,
  };
}

/** What a member has told. */
export function head(application: string, changes: Partial<MemberHead> = {}): MemberHead {
  const branch = 'https://git.example/shop.git#refs/heads/main';
  const rest = { head: bad, isBehind: true, isAutomated: true, at: minutesAgo(4), cluster: '8f3c21d0' };
  return { application, branch, ...rest, ...changes };
}

/** The name's entity while its third release is under way. */
export function releasesState(changes: Partial<ReleasesState> = {}): ReleasesState {
  return {
    number: 3,
    file: spec,
    members: Object.fromEntries(spec.members.map(({ application }) => [application, head(application)])),
    problems: [],
    running: { id: 'release/shop/3', since: minutesAgo(4), revisions: {} },
    history: [
      {
        id: 'release/shop/2',
        phase: 'Healthy',
        message: '4 members released',
        startedAt: minutesAgo(130),
        endedAt: minutesAgo(120),
      },
    ],
    ...changes,
  };
}

/** What `belay release get shop` asks for. */
export function releaseStatus(
  release: Partial<ReleaseState> = {},
  releases: ReleasesState = releasesState(),
): ReleaseStatus {
  return { name: 'shop', releases, release: releaseState(release) };
}

/** The name's entity when nothing is under way. */
export const { running: _running, ...over } = releasesState();

/** The third release, gone back because `web` failed. */
export function goneBack(): ReleaseStatus {
  const back = (name: string) =>
    member(name, {
      want: 'settle',
      stage: 'settled',
      message: `is back at ${good.slice(0, 12)}`,
      since: minutesAgo(1),
    });
  return releaseStatus(
    {
      phase: 'Degraded',
      message: 'web failed: pod web-canary-1 cannot pull shop/web:2; all is back',
      since: minutesAgo(1),
      endedAt: minutesAgo(1),
      members: membersOf(back('migrate'), back('api'), back('cart'), back('web')),
      verdict: {
        kind: 'failed',
        member: 'web',
        sentence: 'pod web-canary-1 cannot pull shop/web:2',
        at: minutesAgo(2),
      },
      reverts: [
        {
          repoUrl: 'https://ada:secret@git.example/shop.git',
          branch: 'refs/heads/main',
          members: ['api', 'cart', 'migrate', 'web'],
          result: 'pushed',
          revision: '77e0b3f0'.padEnd(40, '0'),
        },
        {
          repoUrl: 'git@git.example:values.git',
          branch: 'refs/heads/main',
          members: ['web'],
          result: 'refused',
          why: 'main is protected',
        },
      ],
      log: [{ at: minutesAgo(2), text: 'web failed; going back: api, cart, migrate and 1 more' }],
    },
    over,
  );
}

/** A client whose releases have only these methods. */
export function releasing(releases: Partial<ReleaseClient>): Partial<BelayClient> {
  return { releases: releases as ReleaseClient };
}
