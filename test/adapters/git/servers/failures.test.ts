import { answerWith, hangUp, rejectPush, takeAndHangUp } from '../../../support/git-http';
import { commitFiles } from '../../../support/git-repo';
import { behaviours } from './scene';

const behaves = behaviours('Failures');

behaves('lost answer', async ({ repo, http, writer, request }) => {
  http.interfere('pack', takeAndHangUp(repo));
  const git = await writer();
  await expect(git.writer.restorePath(request())).rejects.toMatchObject({ code: 'Unreachable' });
  const pushed = await repo.git('rev-parse', 'main');
  const result = await git.writer.restorePath(request());
  expect(result).toMatchObject({ revision: pushed });
  return result;
});

behaves('lost answer, then others', async ({ repo, http, writer, request }) => {
  http.interfere('pack', takeAndHangUp(repo));
  const git = await writer();
  await expect(git.writer.restorePath(request())).rejects.toMatchObject({ code: 'Unreachable' });
  const pushed = await repo.git('rev-parse', 'main');
  await commitFiles(repo, { 'other/b.yaml': 'v: 2\n' });
  // Another worker repeats it: it has never seen the commit.
  const result = await (await writer()).writer.restorePath(request());
  expect(result).toMatchObject({ revision: pushed });
  return result;
});

behaves('broken before', async ({ repo, bad, http, writer, request }) => {
  http.interfere('pack', hangUp);
  const git = await writer();
  await expect(git.writer.restorePath(request())).rejects.toMatchObject({ code: 'Unreachable' });
  expect(await repo.git('rev-parse', 'main')).toBe(bad);
  return git.writer.restorePath(request());
});

behaves('hangs', async ({ http, writer, request }) => {
  const git = await writer({ timeouts: { network: 1_500, stalled: 1_000 } });
  http.interfere('read', () => undefined);
  return git.writer.restorePath(request());
});

behaves('429', ({ http, restore }) => {
  http.interfere('read', answerWith(429, { 'retry-after': '7' }));
  return restore();
});

behaves('503', ({ http, restore }) => {
  http.interfere('advertisement', answerWith(503, { 'retry-after': '7' }));
  return restore();
});

behaves('disk full', ({ http, restore }) => {
  http.interfere('pack', rejectPush('unpacker error', ['fatal: write error: No space left on device']));
  return restore();
});
