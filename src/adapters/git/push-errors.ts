/** What git or the server complained about, as far as its words tell. */
export type GitComplaint =
  | 'race'
  | 'protected'
  | 'unsigned'
  | 'hook'
  | 'throttled'
  | 'redirected'
  | 'unauthenticated'
  | 'forbidden'
  | 'repository missing'
  | 'branch missing'
  | 'object missing'
  | 'object withheld'
  | 'unreachable'
  | 'remote disk full'
  | 'disk full'
  | 'locked'
  | 'other';

/** First match wins: what a server says of a refusal comes before the general words that git adds to it. */
const rules: readonly (readonly [GitComplaint, RegExp])[] = [
  ['remote disk full', /^remote: .*(?:no space left on device|disk quota exceeded|quota.*exceeded)/im],
  ['disk full', /no space left on device|disk quota exceeded/i],
  [
    'unsigned',
    /(?:commits?|signatures?) must (?:be|have|carry|include)[^\n]*(?:sign|verified)|unsigned commit|reject_unsigned|requires? signed commits|protected from unverified commit/i,
  ],
  [
    'protected',
    /GH006|GH013|protected branch|branch [^\n]*is protected|protected_branch|push declined due to repository rule|not allowed to (?:force[- ])?push (?:code )?to (?:protected|this) branch|TF402455|must use a pull request|changes must be made through a pull request|can only be modified through pull requests|only be (?:changed|updated) through a (?:pull|merge) request/i,
  ],
  // The retry set of Kargo, and what a lease and a busy server say. "Failed to push some refs" alone is not in it: also a refusal says so.
  [
    'race',
    /^\s*!\s+\[(?:remote )?rejected\].+\((?:non-fast-forward|fetch first|stale info|cannot lock ref.*|failed to (?:update|lock) ref.*|failed to lock|incorrect old value provided|reference already exists|remote ref updated since checkout|unable to update.*)\)/m,
  ],
  ['redirected', /returned error: 30[12378]/i],
  ['throttled', /returned error: 429|too many requests|rate limit/i],
  [
    'unauthenticated',
    /authentication failed|could not read (?:username|password)|terminal prompts disabled|access denied\. the provided password|invalid username or|bad credentials|invalid credentials|permission denied \([a-z,-]*(?:publickey|password)|returned error: 401|host key verification failed|no supported authentication methods|load key /i,
  ],
  [
    'forbidden',
    /returned error: 403|permission to [^\n]* denied|write access to repository not granted|not allowed to (?:push|upload|force)|marked as read.?only|deploy key [^\n]*(?:read.?only|write access)|insufficient (?:permission|scope)|TF401027|access denied|permission denied|unauthorized/i,
  ],
  ['hook', /hook declined|\(hook |rejected by [^\n]*hook/i],
  [
    'branch missing',
    /couldn't find remote ref|remote ref does not exist|unable to delete '[^']*': remote ref/i,
  ],
  ['object withheld', /unadvertised object/i],
  [
    'object missing',
    /not our ref|could not find remote object|no such remote object|bad object|did not send all necessary objects/i,
  ],
  [
    'repository missing',
    /repository [^\n]*not found|repository not found|does not appear to be a git repository|not a git repository|project you were looking for could not be found|returned error: 404|no such repository|could not find repository|TF401019|does not exist or you do not have/i,
  ],
  [
    'locked',
    /unable to create '[^']*\.lock': file exists|cannot lock ref|could not lock config file|unable to update local ref/i,
  ],
  [
    'unreachable',
    /could not resolve|failed to connect|couldn't connect|connection (?:refused|reset|timed out|closed|was reset)|timed out|network is unreachable|no route to host|early eof|rpc failed|unexpected disconnect|hung up unexpectedly|returned error: 5\d\d|ssl|tls|certificate|gnutls|kex_exchange|operation too slow|empty reply|could not read from remote repository|unable to access/i,
  ],
];

/** Sorts the text of a failed git command. Pure, so that one table tests it. */
export function classify(text: string): GitComplaint {
  return rules.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}
