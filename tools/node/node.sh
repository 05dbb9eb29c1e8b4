# Runs containerd and a kubelet where their end is the end of everything they started: in a PID and a mount namespace of their own.
# With the namespace's first process go kubelet, containerd, its shims and all containers; with the last of them all mounts.
# What a kubelet would change of the machine (kernel parameters, /var/lib, /run) it finds as it wants it, and leaves no trace there.
# sh node.sh DIR CONTAINERD KUBELET [KUBELET'S ARGUMENTS]
dir=$1 bridge=belay-node0 cgroup=belay-node

if [ "${BELAY_NODE_INSIDE:-}" = yes ]; then
  containerd=$2 kubelet=$3
  shift 3
  set -e
  for path in /run/containerd /var/lib/cni /var/lib/kubelet /var/log/pods /var/log/containers; do
    mkdir -p $path
    mount -t tmpfs belay-node $path
  done
  mkdir -p "$dir/parameters"
  for parameter in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000 net/ipv4/ip_forward=1; do
    file="$dir/parameters/$(basename "${parameter%=*}")"
    echo "${parameter#*=}" > "$file"
    mount --bind "$file" "/proc/sys/${parameter%=*}"
  done
  "$containerd" --config "$dir/containerd.toml" > "$dir/logs/containerd.log" 2>&1 &
  runtime=$!
  for i in $(seq 100); do [ -S "$dir/containerd/containerd.sock" ] && break; sleep 0.05; done
  "$kubelet" "$@" > "$dir/logs/kubelet.log" 2>&1 &
  agent=$!
  # Ends with the first of the two, and the other with it.
  while kill -0 $runtime 2> /dev/null && kill -0 $agent 2> /dev/null; do sleep 0.2; done
  tail -n 4 "$dir/logs/containerd.log" "$dir/logs/kubelet.log"
  exit 1
fi

# The kernel takes this lock back from whatever dies; every process of the node holds it.
exec 9<> /run/lock/belay-node
if ! flock -n 9; then
  echo "Another node runs on this machine, and there is room for one: $(cat /run/lock/belay-node). Wait for its end, or end that process."
  exit 1
fi
echo "process $$, in $dir" > /run/lock/belay-node

clean_up() {
  ip link delete $bridge 2> /dev/null
  for try in 1 2 3 4 5; do
    groups=$(find /sys/fs/cgroup -depth -type d -path "/sys/fs/cgroup*/$cgroup*")
    [ -z "$groups" ] && break
    rmdir $groups 2> /dev/null || sleep 0.1
  done
}

clean_up
for controller in /sys/fs/cgroup /sys/fs/cgroup/*; do
  # Version 2 has one tree, version 1 one for each controller.
  [ -e "$controller/cgroup.procs" ] && { [ $controller = /sys/fs/cgroup ] || [ ! -e /sys/fs/cgroup/cgroup.procs ]; } && mkdir -p "$controller/$cgroup"
done
# A new cpuset group has no processors until it is told.
for file in cpuset.cpus cpuset.mems; do
  [ -e /sys/fs/cgroup/cpuset/$file ] && cat /sys/fs/cgroup/cpuset/$file > /sys/fs/cgroup/cpuset/$cgroup/$file
done

# Killing the first process inside kills all; unshare itself ends when they are gone.
trap 'kill -KILL $(cat /proc/$child/task/$child/children)' TERM INT
BELAY_NODE_INSIDE=yes setpriv --pdeathsig KILL unshare --fork --pid --mount --mount-proc --kill-child=KILL sh "$0" "$@" &
child=$!
while kill -0 $child 2> /dev/null; do wait $child; done
clean_up
