import { isUnder, normaliseRepoUrl, parseRepoUrl } from '../../src/domain/repo-url';

const key = 'example.com/org/repo';

test.each([
  'https://example.com/org/repo',
  'https://example.com/org/repo.git',
  'https://example.com/org/repo.git/',
  'https://example.com/org//repo/',
  ' https://example.com/org/repo ',
  'http://example.com/org/repo',
  'http://example.com:80/org/repo',
  'https://example.com:443/org/repo',
  'https://example.com:/org/repo',
  'https://user@example.com/org/repo',
  'https://user:p%40ss@example.com/org/repo',
  'https://user:p@ss@example.com/org/repo',
  'HTTPS://Example.COM/org/repo',
  'https://EXAMPLE.com/ORG/Repo.git',
  'https://example.com./org/repo',
  'git@example.com:org/repo',
  'git@example.com:org/repo.git',
  'git@example.com:/org/repo.git',
  'user@example.com:org/repo',
  'example.com:org/repo',
  'ssh://git@example.com/org/repo',
  'ssh://git@example.com:22/org/repo.git',
  'ssh://git@example.com:2222/org/repo',
  'ssh://git@ssh.example.com:443/org/repo',
  'ssh://git@altssh.example.com:443/org/repo',
  'git+ssh://git@example.com/org/repo',
])('%s is the repository example.com/org/repo', (url) => {
  expect(normaliseRepoUrl(url)).toBe(key);
});

test.each([
  ['https://example.com/org/repo-2'],
  ['https://example.com/org/re.po'],
  ['https://an.example.com/org/repo'],
  ['https://an-example.com/org/repo'],
  ['https://ssh.example.com/org/repo'],
  ['https://example.com:8443/org/repo'],
  ['https://example.com/other/org/repo'],
  ['ssh://-user@example.com/org/repo'],
  [''],
])('%s is another repository', (url) => {
  expect(normaliseRepoUrl(url)).not.toBe(key);
});

test.each([
  ['file:///srv/git/web.git', 'file:///srv/git/web'],
  ['file://localhost/srv/git/web', 'file:///srv/git/web'],
  ['/srv/git/web/', 'file:///srv/git/web'],
  ['/srv//git/Web', 'file:///srv/git/Web'],
  ['ssh://git@[2001:DB8::1]:2222/org/repo', '[2001:db8::1]/org/repo'],
  ['git@[::1]:org/repo', '[::1]/org/repo'],
  ['https://example.com/org/repo?ref=main#x', 'example.com/org/repo'],
  ['https://example.com:0443/org/repo', 'example.com/org/repo'],
  ['http://example.com:8080/org/repo', 'example.com:8080/org/repo'],
  ['nonsense://user:secret@host/x', 'nonsense://host/x'],
  ['oci://User:secret@Registry.example/Charts/', 'oci://registry.example/charts'],
  ['https://org@dev.azure.com/Org/My%20Shop/_git/Web', 'dev.azure.com/org/my%20shop/_git/web'],
  ['git@ssh.dev.azure.com:v3/org/shop/web', 'dev.azure.com/org/shop/_git/web'],
  ['https://org.visualstudio.com/DefaultCollection/shop/_git/web', 'dev.azure.com/org/shop/_git/web'],
  ['https://org.visualstudio.com/shop/_git/web', 'dev.azure.com/org/shop/_git/web'],
  ['org@vs-ssh.visualstudio.com:v3/org/shop/web', 'dev.azure.com/org/shop/_git/web'],
  ['https://dev.azure.com/org/_git/web', 'dev.azure.com/org/web/_git/web'],
])('%s has the key %s', (url, expected) => {
  expect(normaliseRepoUrl(url)).toBe(expected);
});

test.each([
  '',
  'web',
  '../web',
  'C:',
  'ext::sh -c id',
  'ext::sh',
  'git://example.com/org/repo',
  'ftp://example.com/org/repo',
  'https://',
  'https:///org/repo',
  'https://example.com',
  'https://example.com/',
  'https://example.com:port/org/repo',
  'https://example.com/org/repo\nx',
  'ssh://-oProxyCommand=id/org/repo',
  '-oProxyCommand=id:org/repo',
  'ssh://-user@example.com/org/repo',
  'file://other-host/srv/web',
])('%j names no repository that Belay talks to', (url) => {
  expect(parseRepoUrl(url)).toBeUndefined();
});

test('takes a URL apart', () => {
  expect(parseRepoUrl('https://ci:token@Example.com:8443/org/repo.git')).toEqual({
    scheme: 'https',
    userinfo: 'ci:token',
    host: 'example.com',
    port: '8443',
    path: 'org/repo',
  });
  expect(parseRepoUrl('git@example.com:org/repo.git')).toEqual({
    scheme: 'ssh',
    userinfo: 'git',
    host: 'example.com',
    path: 'org/repo',
  });
});

test.each([
  ['https://example.com', 'git@example.com:org/repo.git', true],
  ['https://example.com/org', 'https://example.com/org/repo', true],
  ['https://example.com/org/repo.git', 'https://example.com/org/repo', true],
  ['git@ssh.dev.azure.com:v3/org', 'git@ssh.dev.azure.com:v3/org/shop/web', true],
  ['https://dev.azure.com/org/shop', 'git@ssh.dev.azure.com:v3/org/shop/web', true],
  ['oci://registry.example/charts', 'oci://registry.example/charts/web', true],
  ['https://example.com/org', 'https://example.com/organisation/repo', false],
  ['https://example.com/org/repo', 'https://example.com/org', false],
  ['https://example.com', 'https://example.com.evil.example/org/repo', false],
])('whether a repository lies under %s: %s: %s', (prefix, url, expected) => {
  expect(isUnder(prefix, url)).toBe(expected);
});
