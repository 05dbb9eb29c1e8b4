import type { ApplicationSpec } from '../domain/application-spec';
import type { Read } from '../domain/problem';
import type { CodecServerOptions } from './codec-options';
import type { BreakGlassOptions, BrokenRollout, FoundApplication, MirrorOptions } from './recover-options';
import type { ReceiverOptions } from './receiver-options';
import type { DevOptions, WorkerOptions } from './worker-options';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded on use: `belay --help` answers in a tenth of the time */

/** The module that talks to Temporal. */
export function loadClient(): typeof import('../client/connect') {
  return require('../client/connect') as typeof import('../client/connect');
}

/** The module that runs workers. */
export function loadWorker(): WorkerModule {
  return require('../worker/main') as WorkerModule;
}

/** What works with a cluster alone. */
export function loadEmergency(): EmergencyModule {
  return require('../worker/emergency') as EmergencyModule;
}

/** Who asks. */
export function loadPerson(): typeof import('../client/this-person') {
  return require('../client/this-person') as typeof import('../client/this-person');
}

/** The module that receives webhooks. */
export function loadServer(): ServerModule {
  return require('../server/main') as ServerModule;
}

/** The module that serves a codec. */
export function loadCodecServer(): CodecServerModule {
  return require('../server/codec-server') as CodecServerModule;
}

/** The maker of payload keys. */
export function loadNewKey(): typeof import('../adapters/codec/new-key') {
  return require('../adapters/codec/new-key') as typeof import('../adapters/codec/new-key');
}

/** The reader of application files. */
export function loadManifests(): ManifestsModule {
  return require('../adapters/manifests/read-application-file') as ManifestsModule;
}

/** The reader of release files. */
export function loadReleases(): typeof import('../adapters/manifests/read-release-file') {
  return require('../adapters/manifests/read-release-file') as typeof import('../adapters/manifests/read-release-file');
}

/** The readers of manifests, and the rules. */
export function loadLint(): LintModule {
  return {
    ...(require('../adapters/manifests/read-loose-files') as typeof import('../adapters/manifests/read-loose-files')),
    ...(require('../domain/lint/lint-objects') as typeof import('../domain/lint/lint-objects')),
  };
}

type LintModule = typeof import('../adapters/manifests/read-loose-files') &
  typeof import('../domain/lint/lint-objects');

/** The reader of YAML documents. */
export function loadDocuments(): typeof import('../adapters/manifests/parse-documents') {
  return require('../adapters/manifests/parse-documents') as typeof import('../adapters/manifests/parse-documents');
}

/** What breaks applications on purpose. */
export function loadDrill(): typeof import('./drill') {
  return require('./drill') as typeof import('./drill');
}

/** The YAML library. */
export function loadYaml(): typeof import('yaml') {
  return require('yaml') as typeof import('yaml');
}

interface WorkerModule {
  runWorker(options: WorkerOptions): Promise<void>;
  runDev(options: DevOptions): Promise<void>;
}

interface EmergencyModule {
  findApplications(options: MirrorOptions): Promise<readonly FoundApplication[]>;
  breakGlass(options: BreakGlassOptions): Promise<readonly BrokenRollout[]>;
}

interface ServerModule {
  runReceiver(options: ReceiverOptions): Promise<void>;
}

interface CodecServerModule {
  runCodecServer(options: CodecServerOptions): Promise<void>;
}

interface ManifestsModule {
  readApplicationFile(text: string, file: string): Read<readonly ApplicationSpec[]>;
}
