import { revisionHasChanged } from '../../src/domain/webhooks/concerns';
import { providerOf } from '../../src/domain/webhooks/provider-of';
import type { Headers } from '../../src/domain/webhooks/push';
import { readPush } from '../../src/domain/webhooks/read-push';
import { sameRepository } from '../../src/domain/webhooks/same-repository';
import { touches } from '../../src/domain/webhooks/touches';
import { readTable, row, type Table } from './table';

interface Sent {
  readonly name: string;
  readonly headers: Headers;
  readonly body: unknown;
}

type Differing<T> = T & { readonly differs?: string };

interface Rules {
  readonly revisions: readonly { targetRevision: string; ref: string; head: boolean; changed: boolean }[];
  readonly events: readonly Differing<
    Sent & { readonly targetRevision: string; readonly changed: boolean }
  >[];
  readonly repositories: readonly Differing<{ web: string; repo: string; same: boolean }>[];
  readonly paths: readonly { name: string; paths?: readonly string[]; file: string; touched: boolean }[];
  readonly malformed: readonly Sent[];
}

/** What a webhook says has changed, for whom, and which bodies are refused. */
export function webhookTables(): readonly Table[] {
  const { revisions, events, repositories, paths, malformed } = readTable<Rules>('webhooks.json');
  return [
    {
      name: 'revisions that a webhook changes',
      rows: [
        ...revisions.map(({ targetRevision, ref, head, changed }) =>
          row(`"${targetRevision}" by ${ref}${head ? ', the default branch' : ''}`, changed, () =>
            revisionHasChanged(targetRevision, ref, head),
          ),
        ),
        ...events.map((each) => {
          const { name, targetRevision, changed, differs } = each;
          return row(name, changed, () => hasChanged(each, targetRevision), differs);
        }),
      ],
    },
    {
      name: 'repositories of webhooks',
      rows: repositories.map(({ web, repo, same, differs }) =>
        row(`${web} and ${repo}`, same, () => sameRepository(web, repo), differs),
      ),
    },
    {
      name: 'files of webhooks',
      rows: paths.map(({ name, paths: given, file, touched }) =>
        row(name, touched, () => touches([file], given)),
      ),
    },
    {
      name: 'malformed webhooks',
      rows: malformed.map((each) => row(each.name, 'refused', () => (read(each).ok ? 'taken' : 'refused'))),
    },
  ];
}

function read({ headers, body }: Sent) {
  const provider = providerOf(headers);
  if (provider === undefined) throw new Error(`nobody sends ${JSON.stringify(headers)}`);
  return readPush(provider, headers, body);
}

function hasChanged(sent: Sent, targetRevision: string): boolean | string {
  const event = read(sent);
  if (!event.ok || typeof event.value === 'string') return JSON.stringify(event);
  return event.value.changes.some(({ ref }) => revisionHasChanged(targetRevision, ref, false));
}
