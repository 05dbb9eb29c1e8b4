//go:build tools

// Package tools pins the version of Prometheus, which tests ask for metrics.
package tools

import _ "github.com/prometheus/prometheus/cmd/prometheus"
