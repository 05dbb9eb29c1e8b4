import { join } from 'node:path';
import type { Access } from './credentials';

/** How long Git may take; milliseconds. */
export interface GitTimeouts {
  /** One command that only reads or writes the mirror. */
  readonly local: number;
  /** One command that talks to the remote. */
  readonly network: number;
  readonly connect: number;
  /** A transfer slower than 1 kB/s for so long is given up. */
  readonly stalled: number;
}

export const defaultTimeouts: GitTimeouts = {
  local: 60_000,
  network: 300_000,
  connect: 10_000,
  stalled: 30_000,
};

/** The remote of a mirror, told to git in the environment: a URL in its config file would pin one spelling and its user. */
export interface Remote {
  readonly url: string;
  readonly access: Access;
  /** Whether git may fetch objects that it misses on the way, with this access. */
  readonly lazy: boolean;
}

/**
 * The whole environment of one git process. Nothing is inherited but PATH and proxies; no configuration of the machine or of a
 * user takes effect, no hook, no prompt, no helper.
 */
export function gitEnv(options: {
  dir: string;
  gitDir?: string;
  timeouts: GitTimeouts;
  remote?: Remote;
  config?: Readonly<Record<string, string>> | undefined;
}): Record<string, string> {
  const { dir, gitDir, timeouts, remote } = options;
  const seconds = (millis: number): string => String(Math.max(1, Math.ceil(millis / 1000)));
  const config: Record<string, string> = {
    'core.hooksPath': '/dev/null',
    'credential.helper': '',
    'fetch.recurseSubmodules': 'false',
    'push.recurseSubmodules': 'no',
    'transfer.credentialsInUrl': 'die',
    'http.lowSpeedLimit': '1000',
    'http.lowSpeedTime': seconds(timeouts.stalled),
    ...(remote === undefined ? {} : remoteConfig(remote)),
    ...remote?.access.config,
    // Git sends a header of ours to whatever server it is redirected to. Argo CD follows no redirects either.
    ...(remote?.access.config === undefined ? {} : { 'http.followRedirects': 'false' }),
    ...options.config,
  };
  const { GIT_SSH_COMMAND: ssh = 'ssh', ...accessEnv } = remote?.access.env ?? {};
  return {
    ...inherited(),
    HOME: join(dir, 'home'),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CEILING_DIRECTORIES: dir,
    // With no remote nothing may talk at all: git must not fetch missing objects one by one behind our back.
    GIT_ALLOW_PROTOCOL: remote === undefined ? 'none' : 'file:http:https:ssh',
    ...(remote?.lazy === true ? {} : { GIT_NO_LAZY_FETCH: '1' }),
    ...(gitDir === undefined ? {} : { GIT_DIR: gitDir }),
    ...accessEnv,
    GIT_SSH_COMMAND: `${ssh} ${sshOptions(seconds(timeouts.connect))}`,
    ...configEnv(config),
  };
}

/**
 * A blobless remote. Only the environment says so: then local commands see a missing blob as missing, and never ask for it.
 */
function remoteConfig({ url, lazy }: Remote): Record<string, string> {
  const promisor = { 'remote.origin.promisor': 'true', 'remote.origin.partialclonefilter': 'blob:none' };
  return { 'remote.origin.url': url, ...(lazy ? promisor : {}) };
}

function sshOptions(connectSeconds: string): string {
  return [
    '-F /dev/null',
    '-o BatchMode=yes',
    '-o StrictHostKeyChecking=yes',
    `-o ConnectTimeout=${connectSeconds}`,
    '-o ServerAliveInterval=10',
    '-o ServerAliveCountMax=3',
  ].join(' ');
}

function configEnv(config: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(config);
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  entries.forEach(([key, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return env;
}

function inherited(): Record<string, string> {
  const names = [
    'PATH',
    'http_proxy',
    'https_proxy',
    'HTTPS_PROXY',
    'no_proxy',
    'NO_PROXY',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'TMPDIR',
  ];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
