import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFreePorts } from '../local/ports';
import { startProcess, stopProcesses } from '../local/processes';
import { waitUntil } from '../local/wait';

export const REGISTRY = 'registry';

/** Starts a registry for images on a free port; its answer is `localhost:PORT`, which begins the images' names. */
export function startRegistry(dir: string): Promise<string> {
  return withFreePorts(1, async ([port = 0]) => {
    await stopProcesses(dir, [REGISTRY]);
    const config = join(dir, 'registry.json');
    const storage = {
      filesystem: { rootdirectory: join(dir, 'registry') },
      maintenance: { uploadpurging: { enabled: false } },
    };
    const log = { level: 'warn', accesslog: { disabled: true } };
    const http = { addr: `127.0.0.1:${port}` };
    await writeFile(config, JSON.stringify({ version: 0.1, log, storage, http }));
    const processes = [await startProcess(dir, REGISTRY, 'docker-registry', ['serve', config])];
    await waitUntil(
      { dir, what: 'The registry', processes },
      async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).ok,
    );
    return `localhost:${port}`;
  });
}
