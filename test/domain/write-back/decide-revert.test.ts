import type { ApplicationSpec } from '../../../src/domain/application-spec';
import type { ApplicationState } from '../../../src/domain/application-state';
import { decideRevert } from '../../../src/domain/write-back/decide-revert';
import { application, now, state } from '../../support/view-application';

const good = { revision: 'a'.repeat(40), tree: 'c'.repeat(40), at: now };
const branch = 'refs/heads/main';
const minute = 60_000;
const ago = (...minutes: readonly number[]): readonly number[] => minutes.map((each) => now - each * minute);

const restores = [
  {
    repoUrl: 'https://git.example/shop',
    branch,
    paths: ['k8s'],
    good: good.revision,
    bad: 'bad',
    sources: [0],
  },
];

type Row = readonly [
  name: string,
  code: string | undefined,
  reason: string,
  state: Partial<ApplicationState>,
  spec?: Partial<ApplicationSpec>,
];

const rows: readonly Row[] = [
  ['reverts', undefined, '', {}],
  ['reverts a third time within an hour', undefined, '', { reverts: ago(1, 2) }],
  ['reverts again when the hour is over', undefined, '', { reverts: ago(60, 61, 90) }],
  [
    'holds at the fourth within an hour',
    'TooManyReverts',
    '3 reverts within an hour',
    { reverts: ago(1, 30, 59) },
  ],
  [
    'holds where write-back is off',
    'WriteBackOff',
    'Git is not written: write-back is off for this application',
    {},
    { writeBack: 'off' },
  ],
  [
    'holds by policy',
    'WriteBackHold',
    'Git is not written: the policy is to hold',
    {},
    { writeBack: 'hold' },
  ],
];

describe('after a failed rollout', () => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))(
    'it %s',
    (_name, [code, reason, known, spec]) => {
      const decision = decideRevert(application(spec), state({ good, branch, ...known }), {
        bad: { revision: 'bad' },
        now,
      });
      if (code === undefined) expect(decision).toEqual({ kind: 'revert', good, restores });
      else expect(decision).toMatchObject({ kind: 'hold', hold: { code, reason } });
    },
  );

  it('of the first deployment it holds: there is nothing to go back to', () => {
    expect(decideRevert(application(), state({ branch }), { bad: { revision: 'bad' }, now })).toEqual({
      kind: 'hold',
      hold: {
        code: 'FirstDeploymentFailed',
        reason: 'the first deployment failed, so there is no good revision to go back to',
        remedy: 'push a fix',
      },
    });
  });

  it('of a tag it holds: only branches can be written back', () => {
    const source = { ...application().source, targetRevision: 'v1.2.3' };
    expect(decideRevert(application({ source }), state({ good }), { bad: { revision: 'bad' }, now })).toEqual(
      {
        kind: 'hold',
        hold: {
          code: 'NotABranch',
          reason: 'Git is not written: v1.2.3 is not a branch',
          remedy: 'point the application at a good revision',
        },
      },
    );
  });
});
