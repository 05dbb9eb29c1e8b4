import { normaliseRepoUrl, parseRepoUrl } from '../repo-url';

/** Whether a URL of a forge's event and the URL of an application's source name one repository, however each is spelled. */
export function sameRepository(webUrl: string, repoUrl: string): boolean {
  if (parseRepoUrl(webUrl) === undefined || parseRepoUrl(repoUrl) === undefined) return false;
  return normaliseRepoUrl(webUrl) === normaliseRepoUrl(repoUrl);
}
