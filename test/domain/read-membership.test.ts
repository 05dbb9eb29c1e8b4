import { applicationWith, flaws } from './application-flaws';
import { valueOf } from './read-yaml';

const annotated = (annotations: string) =>
  applicationWith(
    'source: { repoURL: /srv/git/shop.git, path: deploy/web }',
    `annotations: { ${annotations} }`,
  );
const alone = { release: 'spring', dependsOn: [], wave: 0 };

test.each([
  ['belay.dev/release: spring', alone],
  ['belay.dev/release: spring, argocd.argoproj.io/sync-wave: "-2"', { ...alone, wave: -2 }],
  [
    'belay.dev/release: spring, belay.dev/depends-on: "cart, payment ,cart"',
    { ...alone, dependsOn: ['cart', 'payment'] },
  ],
  [
    'belay.dev/release: spring, belay.dev/release-mode: lockstep, belay.dev/release-rollback: failed-only, belay.dev/release-bake: 10m, belay.dev/release-new-commit: restart, belay.dev/release-parallel: "3"',
    {
      ...alone,
      options: {
        mode: 'lockstep',
        rollback: 'failed-only',
        bakeMs: 600_000,
        newCommit: 'restart',
        parallel: 3,
      },
    },
  ],
])('reads %s', (annotations, expected) => {
  expect(valueOf(annotated(annotations)).release).toEqual(expected);
});

test('without them an application belongs to no release', () => {
  expect(valueOf(annotated('argocd.argoproj.io/sync-wave: "1"'))).not.toHaveProperty('release');
});

const field = (name: string) => `metadata.annotations["belay.dev/${name}"]`;
const mine = 'belay.dev/release: spring';

test.each([
  [
    'belay.dev/release: "Spring sale"',
    `InvalidSpec ${field('release')}: "Spring sale" is no name of a release; name the release as one of at most 63 lower-case letters, digits and dashes`,
  ],
  [
    'belay.dev/release: ""',
    `InvalidSpec ${field('release')}: "" is no name of a release; name the release as one of at most 63 lower-case letters, digits and dashes`,
  ],
  [
    'belay.dev/depends-on: cart',
    `InvalidSpec ${field('depends-on')}: has no effect without belay.dev/release; name the release in belay.dev/release, or remove it`,
  ],
  [
    'belay.dev/release-bake: 5m',
    `InvalidSpec ${field('release-bake')}: has no effect without belay.dev/release; name the release in belay.dev/release, or remove it`,
  ],
  [
    `${mine}, belay.dev/depends-on: "cart,,payment"`,
    `InvalidSpec ${field('depends-on')}: "" is no name of an application; write names of applications of the same release, separated by commas`,
  ],
  [
    `${mine}, belay.dev/depends-on: "cart,shop"`,
    `InvalidSpec ${field('depends-on')}: shop cannot wait for itself; write names of applications of the same release, separated by commas`,
  ],
  [
    `${mine}, belay.dev/release-mode: lock-step`,
    `InvalidSpec ${field('release-mode')}: "lock-step" is none of waves, lockstep; did you mean "lockstep"?`,
  ],
  [
    `${mine}, belay.dev/release-rollback: none`,
    `InvalidSpec ${field('release-rollback')}: "none" is none of all, dependents, failed-only; use one of: all, dependents, failed-only`,
  ],
  [
    `${mine}, belay.dev/release-bake: soon`,
    `InvalidSpec ${field('release-bake')}: soon is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m`,
  ],
  [
    `${mine}, belay.dev/release-new-commit: wait`,
    `InvalidSpec ${field('release-new-commit')}: "wait" is none of finish, restart; use one of: finish, restart`,
  ],
  [
    `${mine}, belay.dev/release-parallel: "0"`,
    `InvalidSpec ${field('release-parallel')}: "0" is no number of members; write a whole number from 1 to 1000, in quotes`,
  ],
  [
    `${mine}, belay.dev/release-paralel: "2"`,
    `UnknownField ${field('release-paralel')}: unknown annotation; did you mean "belay.dev/release-parallel"?`,
  ],
])('refuses %s', (annotations, told) => {
  expect(flaws(annotated(annotations))).toEqual([told]);
});
