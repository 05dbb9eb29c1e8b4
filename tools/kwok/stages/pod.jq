# What the stages' selectors can ask of a pod. `failing` is the container that the behaviour strikes.
def named($key): .metadata.annotations["sim.belay.dev/" + $key];
def tags: "image-pull|image-denied|image-throttled|invalid-image|missing-config-key|missing-config|failed-mount|run-error|crash-loop|crash-after-ready|crash|oom|missing-env|never-ready|slow-ready|flapping|init-crash";
def tagged: first(.spec.containers[].image | capture("-(?<tag>" + tags + ")$") | .tag);
def exits: any(.spec.containers[].command[-1]? // ""; test("exit 1$"));
def misses: any(.spec.containers[].envFrom[]?.configMapRef.name // ""; test("^belay-drill-.*-missing$"));
def wanted: named("behavior") // (try tagged catch null)
  // (if any(.spec.containers[].image; test("broken")) then "image-pull"
  elif exits then "crash" elif misses then "missing-config" else "ready" end);
def behavior:
  if .metadata.deletionTimestamp then "deleting"
  elif .status.phase == "Succeeded" or .status.phase == "Failed" then "finished"
  else wanted end;
def initial: wanted == "init-crash";
def failing: named("container") // (if initial then .spec.initContainers[0].name else
  (first(.spec.containers[] | select(.image | test("broken|-(" + tags + ")$"))) // .spec.containers[0]).name end);
def known: (if initial then .status.initContainerStatuses else .status.containerStatuses end) // [];
def status: failing as $name | first(known[] | select(.name == $name)) // {};
def restarts: status.restartCount // 0;
def state: status.state // {} | if .waiting then .waiting.reason else (keys | first) // "none" end;
def condition($type): first(.status.conditions[]? | select(.type == $type) | .status) // "Unknown";
def probed: [.spec.containers[].readinessProbe.initialDelaySeconds // 0] | max;
