import { withoutLiterals, withoutSecretInputs } from '../../../src/adapters/render/secret-inputs';

test.each([
  ['dbPassword: s3ntinel-value', 'bad s3ntinel-value', 'bad ***'],
  ['auth:\n  token: "s3ntinel-value" # of ops', 'bad s3ntinel-value', 'bad ***'],
  ['{auth: {clientSecret: s3ntinel-value}}', 'bad s3ntinel-value', 'bad ***'],
  ['auth.password=s3ntinel-value', 'bad s3ntinel-value', 'bad ***'],
  ['image: s3ntinel-value', 'bad s3ntinel-value', 'bad s3ntinel-value'],
  ['secretName: web', 'no web here', 'no web here'],
])('the values %j turn %j into %j', (text, said, expected) => {
  expect(withoutSecretInputs(said, { files: ['/nowhere'], texts: [text] })).toBe(expected);
});

test.each([
  [
    'Error: loading KV pairs: literal sources [a=s3ntinel] b]: invalid literal source b]: c, expected key=value',
    'Error: loading KV pairs: literal sources ***, expected key=value',
  ],
  [
    'Error: loading KV pairs: literal sources [a=s3ntinel\n: x b]: invalid literal source b, expected key=value',
    'Error: loading KV pairs: literal sources ***, expected key=value',
  ],
  ['Error: literal sources [a=s3ntinel]: something else\nand more of s3ntinel', 'Error: literal sources ***'],
  ['Error: no such file: a.yaml', 'Error: no such file: a.yaml'],
])('of %j of Kustomize it tells %j', (said, told) => {
  expect(withoutLiterals(said)).toBe(told);
});
