import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../local/command';

/** Programs that the node takes from the system, with the Debian package of each. */
const programs = {
  containerd: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  runc: 'runc',
  'docker-registry': 'docker-registry',
  ip: 'iproute2',
  flock: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
};

const networkPlugins = '/usr/lib/cni/bridge';

/** Says why no node can run here, and what would change that; undefined when nothing stands in the way. */
export async function findObstacle(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `a node needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'a node needs root, for containers, network devices and cgroups';
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(programs)) if (!(await isOnPath(program))) missing.add(name);
  if (!(await isExecutable(networkPlugins))) missing.add('containernetworking-plugins');
  if (missing.size > 0) {
    const names = [...missing].join(' ');
    return `there is no ${names} here; on Debian: apt-get install --no-install-recommends ${names}`;
  }
  return findKernelObstacle();
}

/** Not every container that has a root lets it make namespaces and mounts. */
async function findKernelObstacle(): Promise<string | undefined> {
  const inside =
    'mount -t tmpfs none /mnt && mkdir /mnt/a /mnt/b /mnt/c /mnt/d && ' +
    'mount -t overlay -o lowerdir=/mnt/a,upperdir=/mnt/b,workdir=/mnt/c none /mnt/d';
  const namespaces = ['--fork', '--pid', '--mount', '--mount-proc', '--net'];
  try {
    await runCommand('unshare', [...namespaces, 'sh', '-c', inside]);
    await runCommand('sh', [
      '-c',
      'ip link add belay-probe0 type bridge && ip link delete belay-probe0 && test -w /sys/fs/cgroup',
    ]);
    return undefined;
  } catch (error: unknown) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return `the kernel or the container around refuses namespaces, mounts, bridges or cgroups: ${reason}`;
  }
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(':');
  const found = await Promise.all(folders.map((folder) => isExecutable(join(folder, program))));
  return found.includes(true);
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
