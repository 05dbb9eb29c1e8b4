import { headerOf, type Headers, type Provider } from './push';

const gitea = ['x-forgejo-event', 'x-gitea-event', 'x-gogs-event'];

/**
 * Who has sent a request, by its headers; undefined when nobody known has. Gitea, Forgejo and Gogs come before GitHub: they send
 * GitHub's headers as well. Harbor sends no header of its own and has a path instead.
 */
export function providerOf(headers: Headers): Provider | undefined {
  const has = (name: string): boolean => headerOf(headers, name) !== undefined;
  if (gitea.some(has)) return 'gitea';
  if (has('x-github-event')) return 'github';
  if (has('x-gitlab-event')) return 'gitlab';
  if (has('x-event-key')) return has('x-hook-uuid') ? 'bitbucket' : 'bitbucket-server';
  if (has('x-vss-activityid') || has('x-vss-subscriptionid')) return 'azure-devops';
  return headerOf(headers, 'user-agent')?.startsWith('VSServices/') === true ? 'azure-devops' : undefined;
}

/** The event that a forge names in a header; undefined where it is only in the body. */
export function eventOf(provider: Provider, headers: Headers): string | undefined {
  switch (provider) {
    case 'github':
      return headerOf(headers, 'x-github-event');
    case 'gitea':
      return gitea.map((name) => headerOf(headers, name)).find((event) => event !== undefined);
    case 'bitbucket':
    case 'bitbucket-server':
      return headerOf(headers, 'x-event-key');
    default:
      return undefined;
  }
}
