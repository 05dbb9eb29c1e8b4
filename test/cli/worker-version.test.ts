import { deploymentVersion } from '../../src/cli/deployment-version';
import { runCli } from './run-cli';

test('a worker has the version that both options say, and none without them', () => {
  const version = { deploymentName: 'belay', buildId: '1.4.2+7' };
  expect(deploymentVersion('belay', '1.4.2+7')).toEqual({ version });
  expect(deploymentVersion(undefined, undefined)).toEqual({});
});

test.each([
  ['--deployment belay', '--deployment is of no use without --build-id'],
  ['--build-id 1.0', '--build-id is of no use without --deployment'],
  ['--deployment a:b --build-id 1.0', '--deployment "a:b" cannot be a name of Temporal\'s'],
  ['--deployment a.b --build-id 1.0', '--deployment "a.b" cannot be a name of Temporal\'s'],
  ['--deployment __a --build-id 1.0', '--deployment "__a" cannot be a name of Temporal\'s'],
  ['--deployment a --build-id 1:0', '--build-id "1:0" cannot be a name of Temporal\'s'],
])('`belay worker %s` is refused as bad usage', async (options, message) => {
  const { code, err } = await runCli(`worker --context x ${options}`);
  expect(code).toBe(2);
  expect(err).toContain(`error: ${message}\n  try: `);
});
