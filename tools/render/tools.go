//go:build tools

// Package tools pins the versions of helm and kustomize, the programs that render.
package tools

import (
	_ "helm.sh/helm/v3/cmd/helm"
	_ "sigs.k8s.io/kustomize/kustomize/v5"
)
