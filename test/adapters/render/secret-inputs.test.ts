import { withoutSecretInputs } from '../../../src/adapters/render/secret-inputs';

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
