import { answerWith, serveHttp } from '../../../support/git-http';
import { behaviours, readToken, writeToken } from './scene';

const behaves = behaviours('Credentials');

behaves('right token', ({ restore }) => restore());

behaves('two tokens', async ({ restore, token, http }) => {
  const result = await restore({
    credentials: { read: await token(readToken), write: await token(writeToken) },
  });
  const used = new Set(
    http.requests.map((line, index) => {
      const basic = (http.authorizations[index] ?? '').replace('Basic ', '');
      const what = line.includes('git-receive-pack') ? 'write' : 'read';
      return `${what} ${Buffer.from(basic, 'base64').toString().replace('x-access-token:', '')}`;
    }),
  );
  expect(used).toEqual(new Set([`read ${readToken}`, `write ${writeToken}`]));
  return result;
});

behaves('wrong token', async ({ writer, request, token, passwords }) => {
  const access = await token('to-be-mended');
  const { writer: git } = await writer({ credentials: { read: access, write: access } });
  const first = await git.restorePath(request()).catch((error: unknown) => error);
  passwords['to-be-mended'] = 'read';
  expect(await git.restorePath(request())).toMatchObject({ kind: 'refused', why: 'forbidden' });
  throw first;
});

behaves('expired token', ({ http, passwords, restore }) => {
  http.interfere('pack', ({ pass }) => {
    delete passwords[writeToken];
    return pass();
  });
  return restore();
});

behaves('read-only token', async ({ restore, token }) => {
  const access = await token(readToken);
  return restore({ credentials: { read: access, write: access } });
});

behaves('repository missing', async ({ writer, request, http }) => {
  const git = await writer();
  return git.writer.restorePath(request({ repoUrl: `${http.url}-none` }));
});

behaves('redirect', async ({ http, restore }) => {
  http.interfere('read', answerWith(301, { location: `${http.url}.git/info/refs?service=git-upload-pack` }));
  const result = restore();
  await expect(result).rejects.toThrow('with .git at the end');
  return result;
});

/** `git` sends the header of a credential to any server that it is redirected to, where it follows redirects. */
behaves('redirect elsewhere', async ({ http, repo, restore }) => {
  const elsewhere = await serveHttp(repo);
  try {
    http.interfere('read', ({ request, response }) => {
      response.writeHead(302, { location: new URL(request.url ?? '', elsewhere.url).href }).end();
    });
    return await restore();
  } finally {
    expect(elsewhere.authorizations.filter((each) => each !== '')).toEqual([]);
    await elsewhere.close();
  }
});
