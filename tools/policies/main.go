// Checks Kubernetes objects against policies in Rego, with the real OPA: one question on stdin, one answer on stdout, both JSON.
// Nothing but the question is read, and no rule can reach the network, the clock or the environment.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

const version = "1.22.2"

type question struct {
	// Files by their names.
	Modules map[string]string `json:"modules"`
	// What every rule sees beside the object: application and revision.
	Context  map[string]any `json:"context"`
	Objects  []any          `json:"objects"`
	LimitMs  int            `json:"limitMs"`
	MemoryMb int            `json:"memoryMb"`
}

type finding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	// Index of the object; absent for a rule about the whole revision.
	Object  *int   `json:"object,omitempty"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

type flaw struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Object  *int   `json:"object,omitempty"`
	Message string `json:"message"`
}

type answer struct {
	Findings []finding `json:"findings"`
	Flaws    []flaw    `json:"flaws"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" {
		fmt.Println(version)
		return
	}
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fmt.Fprintln(os.Stderr, "the question is no JSON:", err)
		os.Exit(2)
	}
	limitMemory(uint64(asked.MemoryMb) << 20)
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(asked.LimitMs)*time.Millisecond)
	defer cancel()
	if err := json.NewEncoder(os.Stdout).Encode(check(ctx, asked)); err != nil {
		os.Exit(2)
	}
}

// current is the rule that is being asked, for when there is no time left to say it.
var current atomic.Value

// limitMemory ends the process with status 3 when its heap outgrows the limit.
func limitMemory(limit uint64) {
	debug.SetMemoryLimit(int64(limit))
	go func() {
		var stats runtime.MemStats
		for range time.Tick(50 * time.Millisecond) {
			runtime.ReadMemStats(&stats)
			if stats.HeapAlloc > limit {
				rule, _ := current.Load().(string)
				fmt.Fprint(os.Stderr, rule)
				os.Exit(3)
			}
		}
	}()
}

func check(ctx context.Context, asked question) answer {
	modules, flaws := parse(asked.Modules)
	if len(flaws) > 0 {
		return answer{Findings: []finding{}, Flaws: flaws}
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities())
	compiler.Compile(modules)
	if compiler.Failed() {
		return answer{Findings: []finding{}, Flaws: flawsOf(compiler.Errors)}
	}
	return evaluate(ctx, compiler, asked)
}

// capabilities leaves out every builtin whose answer is not decided by its arguments.
func capabilities() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	pure := all.Builtins[:0]
	for _, builtin := range all.Builtins {
		if !builtin.Nondeterministic {
			pure = append(pure, builtin)
		}
	}
	all.Builtins = pure
	all.AllowNet = []string{}
	return all
}

// parse reads each file as today's Rego, else as that before 1.0, in which much of what Gatekeeper and Conftest check is written.
func parse(files map[string]string) (map[string]*ast.Module, []flaw) {
	modules := map[string]*ast.Module{}
	flaws := []flaw{}
	for _, name := range sortedNames(files) {
		options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: capabilities()}
		module, err := ast.ParseModuleWithOpts(name, files[name], options)
		if err != nil {
			options.RegoVersion = ast.RegoV0
			if old, oldErr := ast.ParseModuleWithOpts(name, files[name], options); oldErr == nil {
				module, err = old, nil
			}
		}
		if err != nil {
			flaws = append(flaws, flawsOf(err)...)
		} else if module == nil {
			flaws = append(flaws, flaw{File: name, Message: "holds no package"})
		} else {
			modules[name] = module
		}
	}
	return modules, flaws
}

func sortedNames(files map[string]string) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func flawsOf(err error) []flaw {
	var several ast.Errors
	if !errors.As(err, &several) {
		return []flaw{{Message: err.Error()}}
	}
	flaws := []flaw{}
	for _, each := range several {
		one := flaw{Message: fmt.Sprintf("%s: %s", each.Code, each.Message)}
		if each.Location != nil {
			one.File, one.Line = each.Location.File, each.Location.Row
		}
		flaws = append(flaws, one)
	}
	return flaws
}
