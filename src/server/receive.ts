import { describeProblem } from '../domain/problem';
import { isUnder, normaliseRepoUrl } from '../domain/repo-url';
import type { Headers, Provider, Push } from '../domain/webhooks/push';
import { readPush } from '../domain/webhooks/read-push';
import { refuse, type Answer } from './answer';
import type { Look } from './looks';
import type { OpenSecret, OpenSecrets } from './secrets';
import { provenBy } from './verify';

/** What receiving a webhook needs. */
export interface Receiving {
  readonly openSecrets: () => Promise<OpenSecrets>;
  readonly look: Look;
}

interface Posted {
  readonly provider: Provider;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * One delivery: its sender proves itself, then the body is read, then the observers of its repository are told to look. Nothing in
 * the body is believed but which repository to look at; the same delivery twice is one more look.
 */
export async function receive(posted: Posted, { openSecrets, look }: Receiving): Promise<Answer> {
  const { provider, headers, body } = posted;
  const json = jsonTextOf(posted);
  if (json === undefined) return refuse(400, 'a form must have a field "payload"');
  const proven = provenBy({ provider, headers, body, json }, (await openSecrets()).secrets);
  if (proven.length === 0) return unproven(provider);
  const parsed = parse(json);
  if (parsed === undefined) return refuse(400, 'the body is no JSON');
  const read = readPush(provider, headers, parsed.value);
  if (!read.ok) return refuse(400, read.problems.map(describeProblem).join('; '));
  if (read.value === 'ping')
    return { status: 200, message: 'pong', log: `${provider} can reach this receiver` };
  if (read.value === 'ignored') return { status: 200, message: 'nothing to look at in this event' };
  return hint(read.value, proven, look);
}

async function hint(push: Push, proven: readonly OpenSecret[], look: Look): Promise<Answer> {
  const { urls: all, provider, changes, defaultBranch } = push;
  const urls = [...new Map(all.map((url) => [normaliseRepoUrl(url), url])).values()].filter((url) =>
    proven.some(({ repositories }) => repositories === undefined || isUnder(repositories, url)),
  );
  const [name = ''] = urls.map(normaliseRepoUrl);
  if (urls.length === 0)
    return refuse(403, `no secret that was shown is for ${normaliseRepoUrl(all[0] ?? '')}`);
  const refs = changes.map(({ ref }) => ref);
  const heard = { refs, ...(defaultBranch !== undefined && { defaultBranch }) };
  try {
    const tracked = await Promise.all(urls.map((url) => look(url, heard)));
    const isTracked = tracked.includes(true);
    const told = isTracked ? 'it is looked at' : 'no application tracks it';
    const more = refs.length > 1 ? ` and ${refs.length - 1} more` : '';
    return {
      status: 202,
      message: `${name}: ${told}`,
      log: `${provider} ${name} ${refs[0]}${more}: ${told}`,
    };
  } catch (error: unknown) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(503, 'Temporal cannot be reached now', {
      headers: { 'retry-after': '10' },
      log: `${provider} ${name}: not handed over, the next poll will see it: ${why}`,
    });
  }
}

/** The same for a wrong secret as for none, but in the log. */
function unproven(provider: Provider): Answer {
  return refuse(401, `the signature, token or password of ${provider} is missing or wrong`, {
    headers: { 'www-authenticate': 'Basic realm="webhooks"' },
  });
}

/** Forges that send forms put the JSON text into the field `payload`. */
function jsonTextOf({ headers, body }: Posted): Buffer | undefined {
  if (!/^application\/x-www-form-urlencoded\b/i.test(String(headers['content-type']))) return body;
  const payload = new URLSearchParams(body.toString()).get('payload');
  return payload === null ? undefined : Buffer.from(payload);
}

function parse(json: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json.toString()) as unknown };
  } catch {
    return undefined;
  }
}
