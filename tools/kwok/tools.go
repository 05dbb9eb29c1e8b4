//go:build tools

// Package tools pins the version of kwok, the kubelet simulator.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
