import { join } from 'node:path';

/** The network of the pods; the bridge's own address is its first. */
export const POD_SUBNET = '10.244.0.0/16';

/** The node's name. */
export const NODE_NAME = 'belay-node';

/** Writes containerd's configuration: all of its state in the directory, the sandbox's image from the local registry. */
export function containerdConfig(dir: string, sandboxImage: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = ${quote(join(dir, 'containerd', 'root'))}
state = ${quote(join(dir, 'containerd', 'run'))}
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]

[grpc]
  address = ${quote(containerdSocket(dir))}

[plugins."io.containerd.internal.v1.opt"]
  path = ${quote(join(dir, 'containerd', 'opt'))}

[${cri}]
  sandbox_image = ${quote(sandboxImage)}
  # Not every root may lower the score by which the kernel chooses whom to kill.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [${cri}.cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${quote(join(dir, 'cni'))}
  [${cri}.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [${cri}.containerd.runtimes.runc.options]
      SystemdCgroup = false
`;
}

/** Where containerd listens. */
export function containerdSocket(dir: string): string {
  return join(dir, 'containerd', 'containerd.sock');
}

/** A bridge that pods and machine share, without address translation: nothing outside this machine is reached. */
export function networkConfig(dir: string): object {
  const ipam = {
    type: 'host-local',
    dataDir: join(dir, 'addresses'),
    ranges: [[{ subnet: POD_SUBNET }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = {
    type: 'bridge',
    bridge: 'belay-node0',
    isGateway: true,
    ipMasq: false,
    hairpinMode: true,
    ipam,
  };
  return { cniVersion: '0.4.0', name: 'belay-node', plugins: [bridge] };
}

/** The kubelet's configuration: its own cgroup tree, no eviction short of a full disk, no part of the machine's network rules. */
export function kubeletConfig(dir: string, clientCa: string, port: number): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port,
    healthzPort: 0,
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: clientCa },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${containerdSocket(dir)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: '/belay-node',
    cgroupsPerQOS: true,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%' },
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
    podLogsDir: join(dir, 'pod-logs'),
    volumePluginDir: join(dir, 'volume-plugins'),
    resolvConf: join(dir, 'resolv.conf'),
    registerNode: true,
    serializeImagePulls: false,
  };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
