import type { ApplicationSpec } from '../../src/domain/application-spec';
import { applicationWith, flaws } from './application-flaws';
import { valueOf } from './read-yaml';

const annotated = (annotations: string) =>
  applicationWith('source: { repoURL: /srv/git/shop.git, path: deploy }', `annotations: { ${annotations} }`);
const policy = 'belay.dev/write-back';
const confirm = 'belay.dev/write-back-confirm';
const others = 'belay.dev/write-back-other-commits';
const labels = 'belay.dev/pull-request-labels';
const reviewers = 'belay.dev/pull-request-reviewers';
const autoMerge = 'belay.dev/pull-request-auto-merge';

type Row = readonly [annotations: string, Pick<ApplicationSpec, 'writeBack' | 'writeBackOptions'>];
const byDefault = 'pull-request-if-protected';

const rows: readonly Row[] = [
  ['example.com/x: z', { writeBack: byDefault }],
  [`${policy}: revert`, { writeBack: 'revert' }],
  [`${policy}: pull-request`, { writeBack: 'pull-request' }],
  [`${policy}: pull-request-if-protected`, { writeBack: byDefault }],
  [`${policy}: hold`, { writeBack: 'hold' }],
  [`${policy}: "off"`, { writeBack: 'off' }],
  [`${confirm}: 10m`, { writeBack: byDefault, writeBackOptions: { confirmMs: 600_000 } }],
  [`${confirm}: 24h`, { writeBack: byDefault, writeBackOptions: { confirmMs: 86_400_000 } }],
  [`${confirm}: "0"`, { writeBack: byDefault }],
  [`${others}: include`, { writeBack: byDefault }],
  [`${others}: pull-request`, { writeBack: byDefault, writeBackOptions: { otherCommits: 'pull-request' } }],
  [`${labels}: " rollback , urgent,rollback"`, options({ labels: ['rollback', 'urgent'] })],
  [`${reviewers}: shop/platform`, options({ reviewers: ['shop/platform'] })],
  [`${autoMerge}: "true"`, options({ autoMerge: true })],
  [`${autoMerge}: "false"`, { writeBack: byDefault }],
  [
    `${policy}: revert, ${others}: pull-request, ${labels}: rollback`,
    { writeBack: 'revert', writeBackOptions: { otherCommits: 'pull-request', labels: ['rollback'] } },
  ],
  [
    `${policy}: pull-request, ${confirm}: 90s, ${reviewers}: "ada,bob", ${autoMerge}: "true"`,
    {
      writeBack: 'pull-request',
      writeBackOptions: { confirmMs: 90_000, reviewers: ['ada', 'bob'], autoMerge: true },
    },
  ],
];

function options(
  writeBackOptions: ApplicationSpec['writeBackOptions'] & object,
): Pick<ApplicationSpec, 'writeBack' | 'writeBackOptions'> {
  return { writeBack: byDefault, writeBackOptions };
}

test.each(rows)('reads %s', (annotations, expected) => {
  const { writeBack, writeBackOptions } = valueOf(annotated(annotations));
  expect({ writeBack, ...(writeBackOptions && { writeBackOptions }) }).toEqual(expected);
});

const told = (name: string, text: string) => `InvalidSpec metadata.annotations["${name}"]: ${text}`;
const separate = 'separate the names by single commas, or remove the annotation';
const idle = (name: string, value: string) =>
  told(
    name,
    `has no effect: with belay.dev/write-back: ${value} Git is not written; remove it, or set belay.dev/write-back to pull-request-if-protected`,
  );
const onlyPush = (name: string) =>
  told(
    name,
    'has no effect: with belay.dev/write-back: revert no pull request is ever opened; remove it, or set belay.dev/write-back to pull-request or pull-request-if-protected',
  );

const flawed: readonly (readonly [annotations: string, ...told: string[]])[] = [
  [
    `${policy}: pull-requests`,
    told(
      policy,
      '"pull-requests" is none of revert, pull-request, pull-request-if-protected, hold, off; did you mean "pull-request"?',
    ),
  ],
  [
    `${confirm}: soon`,
    told(
      confirm,
      'soon is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
    ),
  ],
  [
    `${confirm}: -1m`,
    told(
      confirm,
      '-1m is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
    ),
  ],
  [
    `${confirm}: 24h1s`,
    told(
      confirm,
      '24h1s is more than 24 hours; write 24h or less; `belay.dev/write-back: hold` leaves Git to people for good',
    ),
  ],
  [`${confirm}: 600`, told(confirm, 'must be a text, not the number 600; write it in quotes: "600"')],
  [
    `${others}: refuse`,
    told(others, '"refuse" is none of include, pull-request; use one of: include, pull-request'),
  ],
  [`${labels}: "a,,b"`, told(labels, `has an empty name; ${separate}`)],
  [`${labels}: "a,"`, told(labels, `has an empty name; ${separate}`)],
  [`${labels}: " "`, told(labels, `is empty; ${separate}`)],
  [`${reviewers}: ", ada"`, told(reviewers, `has an empty name; ${separate}`)],
  [`${autoMerge}: "yes"`, told(autoMerge, '"yes" is none of true, false; use one of: true, false')],
  [
    `${autoMerge}: true`,
    told(
      autoMerge,
      'must be a text, not the boolean true; write it in quotes: YAML reads y, n, yes, no, on and off as true and false',
    ),
  ],
  [
    `${policy}: hold, ${confirm}: 5m, ${others}: include, ${labels}: a, ${reviewers}: b, ${autoMerge}: "false"`,
    ...[confirm, others, labels, reviewers, autoMerge].map((name) => idle(name, 'hold')),
  ],
  [`${policy}: "off", ${confirm}: 5m`, idle(confirm, 'off')],
  [
    `${policy}: revert, ${labels}: a, ${reviewers}: b, ${autoMerge}: "true"`,
    ...[labels, reviewers, autoMerge].map(onlyPush),
  ],
  [`${policy}: revert, ${others}: include, ${labels}: a`, onlyPush(labels)],
  [
    'belay.dev/pull-request-label: a',
    'UnknownField metadata.annotations["belay.dev/pull-request-label"]: unknown annotation; did you mean "belay.dev/pull-request-labels"?',
  ],
];

test.each(flawed)('refuses %s', (annotations, ...expected) => {
  expect(flaws(annotated(annotations))).toEqual(expected);
});
