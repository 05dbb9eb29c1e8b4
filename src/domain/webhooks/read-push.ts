import type { Fields } from '../fields';
import type { Problem, Read } from '../problem';
import { readerOf } from './event-reader';
import { eventOf } from './provider-of';
import type { Headers, Provider, Push, WebhookEvent } from './push';
import { readBitbucket, readBitbucketServer } from './read-bitbucket-push';
import { readAzureDevOps, readGitea, readGithub, readGitlab } from './read-forge-push';
import { readGithubPackage, readHarbor } from './read-registry-push';

/**
 * What a webhook tells, from its headers (names in lower case) and its body as parsed JSON. Only what is needed is looked at, and
 * whatever is wrong with that is a problem with the field's name: a body from outside must never throw. (Argo CD has had three
 * advisories for such: GHSA-wp4p-9pxh-cgx2, GHSA-gpx4-37g2-c8pv, GHSA-f9gq-prrc-hrhc.)
 */
export function readPush(provider: Provider, headers: Headers, body: unknown): Read<WebhookEvent> {
  const event = eventOf(provider, headers) ?? '';
  if (event === 'ping' || event === 'diagnostics:ping') return { ok: true, value: 'ping' };
  const reader = readerOf(provider, body);
  if (!('problems' in reader)) return { ok: false, problems: reader };
  const told = read(provider, event, reader.body);
  if (reader.problems.length > 0) return { ok: false, problems: placeless(reader.problems, provider) };
  return { ok: true, value: told === 'ignored' ? told : { provider, ...told } };
}

function read(provider: Provider, event: string, body: Fields): Omit<Push, 'provider'> | 'ignored' {
  switch (provider) {
    case 'github':
      if (event === 'package' || event === 'registry_package') return readGithubPackage(body, event);
      return event === 'push' ? readGithub(body) : 'ignored';
    case 'gitlab':
      return readGitlab(body);
    case 'gitea':
      return readGitea(body, event);
    case 'bitbucket':
      return readBitbucket(body, event);
    case 'bitbucket-server':
      return readBitbucketServer(body, event);
    case 'azure-devops':
      return readAzureDevOps(body);
    case 'harbor':
      return readHarbor(body);
  }
}

const shown = 5;

/** A body has neither file nor lines, and values from outside are not repeated. */
function placeless(problems: readonly Problem[], provider: Provider): readonly Problem[] {
  return problems.slice(0, shown).map(({ code, message, field }) => ({
    code,
    message,
    object: `${provider} event`,
    ...(field !== undefined && { field }),
  }));
}
