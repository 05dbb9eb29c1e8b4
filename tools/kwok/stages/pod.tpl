{{- /* What every stage of a pod starts from: the container that the behaviour strikes, and what is known of it. */}}
{{- $pod := . }}
{{- $notes := default (dict) .metadata.annotations }}
{{- $tags := "-(image-pull|image-denied|image-throttled|invalid-image|missing-config-key|missing-config|failed-mount|run-error|crash-loop|crash-after-ready|crash|oom|missing-env|never-ready|slow-ready|flapping|init-crash)$" }}
{{- $behavior := "" }}
{{- $first := dict }}
{{- range .spec.containers }}
{{- if and (not $first) (regexMatch (print "broken|" $tags) .image) }}{{ $first = . }}{{ end }}
{{- if and (not $behavior) (regexMatch $tags .image) }}{{ $behavior = regexFind $tags .image | trimPrefix "-" }}{{ end }}
{{- end }}
{{- $drilled := "" }}
{{- range .spec.containers }}
{{- if .command }}{{ if regexMatch "exit 1$" (last .command) }}{{ $drilled = "crash" }}{{ end }}{{ end }}
{{- range .envFrom }}{{ if .configMapRef }}{{ if regexMatch "^belay-drill-.*-missing$" .configMapRef.name }}{{ $drilled = "missing-config" }}{{ end }}{{ end }}{{ end }}
{{- end }}
{{- $behavior = or (get $notes "sim.belay.dev/behavior") $behavior (ternary "image-pull" "" (ne (len $first) 0)) $drilled "ready" }}
{{- $initial := eq $behavior "init-crash" }}
{{- $first = or $first (index .spec.containers 0) }}
{{- if and $initial .spec.initContainers }}{{ $first = index .spec.initContainers 0 }}{{ end }}
{{- $failing := or (get $notes "sim.belay.dev/container") $first.name }}
{{- $container := $first }}
{{- range concat (default (list) .spec.initContainers) .spec.containers }}{{ if eq .name $failing }}{{ $container = . }}{{ end }}{{ end }}
{{- $image := $container.image }}
{{- $known := dict }}
{{- range concat (default (list) .status.initContainerStatuses) (default (list) .status.containerStatuses) }}{{ if eq .name $failing }}{{ $known = . }}{{ end }}{{ end }}
{{- $restarts := int64 (default 0 (get $known "restartCount")) }}
{{- $who := dict "pod" $pod "failing" $failing "initial" $initial }}
{{- $pull := printf "failed to pull and unpack image %q: failed to resolve reference %q" $image $image }}
{{- $manifest := regexReplaceAll "^([^/]+)/(.+):([^:/]+)$" $image "https://${1}/v2/${2}/manifests/${3}" }}
{{- $pullError := printf "rpc error: code = NotFound desc = %s: %s: not found" $pull $image }}
{{- if eq $behavior "image-denied" }}{{ $pullError = printf "rpc error: code = Unknown desc = %s: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials: 401 Unauthorized" $pull }}{{ end }}
{{- if eq $behavior "image-throttled" }}{{ $pullError = printf "rpc error: code = Unknown desc = %s: unexpected status from HEAD request to %s: 429 Too Many Requests" $pull $manifest }}{{ end }}
{{- /* The ConfigMap, key and volume that are said to be missing: the ones that the pod names, or made-up ones. */}}
{{- $map := printf "%s-config" $container.name }}
{{- $key := "DATABASE_URL" }}
{{- range $container.envFrom }}{{ if .configMapRef }}{{ $map = .configMapRef.name }}{{ end }}{{ end }}
{{- range $container.env }}{{ if and .valueFrom .valueFrom.configMapKeyRef }}{{ $map = .valueFrom.configMapKeyRef.name }}{{ $key = .valueFrom.configMapKeyRef.key }}{{ end }}{{ end }}
{{- $volume := "config" }}
{{- $mounted := $map }}
{{- range .spec.volumes }}{{ if .configMap }}{{ $volume = .name }}{{ $mounted = .configMap.name }}{{ end }}{{ end }}
{{- $mountError := printf "MountVolume.SetUp failed for volume %q : configmap %q not found" $volume $mounted }}
{{- $refusal := dict "pending" true "reason" "CreateContainerConfigError" "message" (printf "configmap %q not found" $map) }}
{{- if eq $behavior "missing-config-key" }}{{ $_ := set $refusal "message" (printf "couldn't find key %s in ConfigMap %s/%s" $key .metadata.namespace $map) }}{{ end }}
{{- if eq $behavior "run-error" }}{{ $command := first (default (list "nope") $container.command) }}
{{- $refusal = dict "restart" true "reason" "RunContainerError" "message" (printf "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: %q: executable file not found in $PATH" $command) }}{{ end }}
{{- if eq $behavior "invalid-image" }}
{{- $refusal = dict "pending" true "reason" "InvalidImageName" "message" (printf "Failed to apply default image tag %q: couldn't parse image name %q: invalid reference format" $image $image) }}{{ end }}

{{- /* A pod's whole status. In: pod, failing, initial, state (running, terminated, waiting), and for the failing
       container reason, message, exitCode, unready, restart; phase if it is not the usual one; all (every container). */}}
{{- define "podStatus" }}
{{- $in := . }}
{{- $pod := .pod }}
{{- $now := Now }}
{{- $unready := list }}
{{- $incomplete := list }}
{{- $inits := list }}
{{- $before := true }}
{{- range $c := $pod.spec.initContainers }}
{{- $old := dict }}{{ range $pod.status.initContainerStatuses }}{{ if eq .name $c.name }}{{ $old = . }}{{ end }}{{ end }}
{{- $struck := and $in.initial (eq $c.name $in.failing) }}
{{- if $struck }}{{ $before = false }}{{ end }}
{{- $state := dict "waiting" (dict "reason" "PodInitializing") }}
{{- if $before }}
{{- $state = dict "terminated" (dict "exitCode" 0 "reason" "Completed" "startedAt" $now "finishedAt" $now) }}
{{- if eq (default "" $c.restartPolicy) "Always" }}{{ $state = dict "running" (dict "startedAt" $now) }}{{ end }}
{{- if $old.state }}{{ $state = $old.state }}{{ end }}
{{- end }}
{{- $status := dict "name" $c.name "image" $c.image "imageID" "" "restartCount" (default 0 $old.restartCount) "ready" $before "started" (hasKey $state "running") "state" $state "lastState" (default (dict) $old.lastState) }}
{{- if $struck }}{{ template "strike" (dict "in" $in "status" $status "old" $old "now" $now) }}{{ end }}
{{- if not $before }}{{ $incomplete = append $incomplete $c.name }}{{ end }}
{{- $inits = append $inits $status }}
{{- end }}
{{- $statuses := list }}
{{- range $c := $pod.spec.containers }}
{{- $old := dict }}{{ range $pod.status.containerStatuses }}{{ if eq .name $c.name }}{{ $old = . }}{{ end }}{{ end }}
{{- $struck := and (not $in.initial) (or $in.all (eq $c.name $in.failing)) }}
{{- $id := printf "containerd://%s" (sha256sum (printf "%s/%s/0" $pod.metadata.uid $c.name)) }}
{{- $status := dict "name" $c.name "image" $c.image "imageID" (printf "%s@sha256:%s" (regexReplaceAll ":[^/:]*$" $c.image "") (sha256sum $c.image)) "containerID" $id "restartCount" (default 0 $old.restartCount) "ready" true "started" true "state" (dict "running" (dict "startedAt" $now)) "lastState" (default (dict) $old.lastState) }}
{{- if $in.initial }}
{{- $_ := set $status "state" (dict "waiting" (dict "reason" "PodInitializing")) }}{{ $_ := set $status "ready" false }}{{ $_ := set $status "started" false }}{{ $_ := unset $status "containerID" }}{{ $_ := set $status "imageID" "" }}
{{- else if $struck }}{{ template "strike" (dict "in" $in "status" $status "old" $old "now" $now) }}
{{- else if and $old.state $old.state.running }}{{ $_ := set $status "state" $old.state }}
{{- end }}
{{- if not $status.ready }}{{ $unready = append $unready $c.name }}{{ end }}
{{- $statuses = append $statuses $status }}
{{- end }}
{{- $gates := true }}
{{- range $gate := $pod.spec.readinessGates }}
{{- $open := false }}{{ range $pod.status.conditions }}{{ if and (eq .type $gate.conditionType) (eq .status "True") }}{{ $open = true }}{{ end }}{{ end }}
{{- if not $open }}{{ $gates = false }}{{ end }}
{{- end }}
{{- $finished := has $in.phase (list "Succeeded" "Failed") }}
{{- $reason := ternary (ternary "PodCompleted" "PodFailed" (eq (toString $in.phase) "Succeeded")) "ContainersNotReady" $finished }}
{{- $message := ternary "" (printf "containers with unready status: [%s]" (join " " $unready)) $finished }}
{{- $isReady := and (not $unready) (not $finished) }}
{{- $wanted := list
  (dict "type" "PodReadyToStartContainers" "status" (not $finished))
  (dict "type" "Initialized" "status" (not $incomplete) "reason" "ContainersNotInitialized" "message" (printf "containers with incomplete status: [%s]" (join " " $incomplete)))
  (dict "type" "ContainersReady" "status" $isReady "reason" $reason "message" $message)
  (dict "type" "Ready" "status" (and $isReady $gates) "reason" (ternary "ReadinessGatesNotReady" $reason $isReady) "message" (ternary "the status of pod readiness gate is not \"True\"" $message $isReady)) }}
{{- $conditions := list }}
{{- range $want := $wanted }}
{{- $value := ternary "True" "False" (eq (toString $want.status) "true") }}
{{- $since := $now }}{{ range $pod.status.conditions }}{{ if and (eq .type $want.type) (eq .status $value) }}{{ $since = .lastTransitionTime }}{{ end }}{{ end }}
{{- $condition := dict "type" $want.type "status" $value "lastTransitionTime" $since "reason" nil "message" nil }}
{{- if eq $value "False" }}{{ $_ := set $condition "reason" $want.reason }}{{ $_ := set $condition "message" $want.message }}{{ end }}
{{- $conditions = append $conditions $condition }}
{{- end }}
{{- $podIPs := list }}
{{- range PodIPsWith $pod.spec.nodeName (or $pod.spec.hostNetwork false) $pod.metadata.uid $pod.metadata.name $pod.metadata.namespace }}{{ $podIPs = append $podIPs (dict "ip" .) }}{{ end }}
{{- $podIPs = default $podIPs $pod.status.podIPs }}
{{- with index (default (dict) $pod.metadata.annotations) "sim.belay.dev/ip" }}{{ $podIPs = list (dict "ip" .) }}{{ end }}
{{- $hostIPs := list }}{{ range NodeIPsWith $pod.spec.nodeName }}{{ $hostIPs = append $hostIPs (dict "ip" .) }}{{ end }}
{{- $status := dict "phase" (or $in.phase (ternary "Pending" "Running" (or $in.initial (eq (toString $in.pending) "true")))) "startTime" (default $now $pod.status.startTime) "conditions" $conditions "containerStatuses" $statuses "podIP" (first $podIPs).ip "podIPs" $podIPs }}
{{- if $inits }}{{ $_ := set $status "initContainerStatuses" $inits }}{{ end }}
{{- if $hostIPs }}{{ $_ := set $status "hostIP" (first $hostIPs).ip }}{{ $_ := set $status "hostIPs" $hostIPs }}{{ end }}
{{- toJson $status }}
{{- end }}

{{- /* Changes a container's status to what the behaviour makes of it. In: in (as for podStatus), status, old, now. */}}
{{- define "strike" }}
{{- $in := .in }}
{{- $old := .old }}
{{- $was := default (dict) $old.state }}
{{- $count := int64 (default 0 $old.restartCount) }}
{{- if $in.restart }}{{ $count = add $count 1 }}{{ end }}
{{- $id := printf "containerd://%s" (sha256sum (printf "%s/%s/%d" $in.pod.metadata.uid .status.name $count)) }}
{{- $last := default (dict) $old.lastState }}
{{- if $was.terminated }}{{ $last = dict "terminated" $was.terminated }}{{ end }}
{{- if $in.lastTerminated }}{{ $last = dict "terminated" $in.lastTerminated }}{{ end }}
{{- $ready := false }}
{{- $started := false }}
{{- $state := dict }}
{{- if eq $in.state "running" }}
{{- $ready = not $in.unready }}{{ $started = true }}
{{- $state = dict "running" (dict "startedAt" .now) }}
{{- if and $was.running (not $in.restart) }}{{ $state = $was }}{{ end }}
{{- else if eq $in.state "terminated" }}
{{- $begun := .now }}{{ if $was.running }}{{ $begun = $was.running.startedAt }}{{ end }}
{{- $end := dict "exitCode" $in.exitCode "reason" $in.reason "startedAt" $begun "finishedAt" .now "containerID" $id }}
{{- if $in.message }}{{ $_ := set $end "message" $in.message }}{{ end }}
{{- $state = dict "terminated" $end }}
{{- else }}
{{- $waiting := dict "reason" $in.reason }}
{{- if $in.message }}{{ $_ := set $waiting "message" $in.message }}{{ end }}
{{- $state = dict "waiting" $waiting }}
{{- if not $last }}{{ $id = "" }}{{ $_ := set .status "imageID" "" }}{{ end }}
{{- end }}
{{- $_ := set .status "containerID" $id }}{{ $_ := set .status "restartCount" $count }}
{{- $_ := set .status "ready" $ready }}{{ $_ := set .status "started" $started }}
{{- $_ := set .status "state" $state }}{{ $_ := set .status "lastState" $last }}
{{- end }}

{{- /* An Event as a kubelet writes it; one with the same reason and message is renewed. In: pod, failing, initial,
       type, reason, message, count, whole (about the pod, not its container). */}}
{{- define "event" }}
{{- $meta := .pod.metadata }}
{{- $id := sha256sum (printf "%s %s %s" $meta.uid .reason .message) | trunc 16 }}
{{- $object := dict "apiVersion" "v1" "kind" "Pod" "namespace" $meta.namespace "name" $meta.name "uid" $meta.uid }}
{{- if not .whole }}{{ $_ := set $object "fieldPath" (printf "spec.%s{%s}" (ternary "initContainers" "containers" .initial) .failing) }}{{ end }}
{{- $now := now | date "2006-01-02T15:04:05Z07:00" }}
{{- toJson (dict "apiVersion" "v1" "kind" "Event" "metadata" (dict "namespace" $meta.namespace "name" (printf "%s.%s" $meta.name $id)) "involvedObject" $object "type" .type "reason" .reason "message" .message "count" (int64 (default 1 .count)) "firstTimestamp" $now "lastTimestamp" $now "source" (dict "component" "kubelet" "host" .pod.spec.nodeName) "reportingComponent" "kubelet" "reportingInstance" .pod.spec.nodeName) }}
{{- end }}
