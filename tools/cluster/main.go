// Command cluster is a Kubernetes control plane in one file: etcd, the API
// server, the controller manager and the scheduler, plus the certificates
// they need. The first argument names the program to be.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

const usage = "usage: cluster etcd|kube-apiserver|kube-controller-manager|kube-scheduler|pki [arguments]"

func main() {
	if len(os.Args) < 2 {
		fail(usage)
	}
	program := os.Args[1]
	os.Args = os.Args[1:]
	// Each constructor is called only for its own program: two of them install
	// the process's signal handler, which may happen once.
	switch program {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case "kube-scheduler":
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case "pki":
		if len(os.Args) != 2 {
			fail("usage: cluster pki DIRECTORY")
		}
		if err := writePKI(os.Args[1]); err != nil {
			fail(err.Error())
		}
	default:
		fail(usage)
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
