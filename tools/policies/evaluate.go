package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"sort"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Rules about a revision as a whole are in this package, or below it.
const revisionPackage = "data.belay.revision"

var ruleNames = regexp.MustCompile(`^(deny|violation|warn)(_[A-Za-z0-9_]+)?$`)

// Beyond so many findings nobody reads on.
const most = 1000

type target struct {
	ref             ast.Ref
	name            string
	severity        string
	isAboutRevision bool
	file            string
	line            int
}

// targetsOf lists the rules that find something, in the order of files and lines.
func targetsOf(compiler *ast.Compiler) []target {
	byRef := map[string]target{}
	for _, module := range compiler.Modules {
		path := module.Package.Path
		prefix := path.String()
		about := prefix == revisionPackage || len(prefix) > len(revisionPackage) && prefix[:len(revisionPackage)+1] == revisionPackage+"."
		for _, rule := range module.Rules {
			name := string(rule.Head.Name)
			if name == "" {
				name = rule.Head.Ref()[0].Value.String()
			}
			words := ruleNames.FindStringSubmatch(name)
			if words == nil || len(rule.Head.Args) > 0 {
				continue
			}
			severity := "deny"
			if words[1] == "warn" {
				severity = "warn"
			}
			ref := path.Append(ast.StringTerm(name))
			found, known := byRef[ref.String()]
			if known && (found.file < rule.Location.File || found.file == rule.Location.File && found.line <= rule.Location.Row) {
				continue
			}
			byRef[ref.String()] = target{ref, name, severity, about, rule.Location.File, rule.Location.Row}
		}
	}
	targets := make([]target, 0, len(byRef))
	for _, each := range byRef {
		targets = append(targets, each)
	}
	sort.Slice(targets, func(a, b int) bool {
		if targets[a].file != targets[b].file {
			return targets[a].file < targets[b].file
		}
		return targets[a].line < targets[b].line
	})
	return targets
}

type run struct {
	ctx      context.Context
	compiler *ast.Compiler
	store    storage.Store
	cancel   topdown.Cancel
	answer   answer
}

func evaluate(ctx context.Context, compiler *ast.Compiler, asked question) answer {
	cancel := topdown.NewCancel()
	stop := context.AfterFunc(ctx, cancel.Cancel)
	defer stop()
	all := &run{ctx, compiler, inmem.New(), cancel, answer{Findings: []finding{}, Flaws: []flaw{}}}
	for _, each := range targetsOf(compiler) {
		if each.isAboutRevision {
			all.ask(each, nil, with(asked.Context, "objects", asked.Objects))
			continue
		}
		for index, object := range asked.Objects {
			if !all.ask(each, &index, with(asked.Context, "object", object)) {
				break
			}
		}
	}
	return all.answer
}

func with(context map[string]any, key string, value any) map[string]any {
	input := map[string]any{key: value}
	for name, each := range context {
		input[name] = each
	}
	return input
}

// ask evaluates one rule on one input; false when the rule is no good and asking on is of no use.
func (r *run) ask(rule target, object *int, input map[string]any) bool {
	if len(r.answer.Findings) >= most {
		return false
	}
	value, err := ast.InterfaceToValue(input)
	if err != nil {
		return r.flawed(rule, object, err.Error())
	}
	current.Store(fmt.Sprintf("%s:%d", rule.file, rule.line))
	found, trace, err := r.query(rule.ref, value)
	if err != nil {
		if topdown.IsCancel(err) && r.ctx.Err() != nil {
			return r.flawed(rule, object, "had not ended in time")
		}
		var fault *topdown.Error
		if errors.As(err, &fault) && fault.Location != nil {
			rule.file, rule.line = fault.Location.File, fault.Location.Row
			return r.flawed(rule, object, fmt.Sprintf("%s: %s", fault.Code, fault.Message))
		}
		return r.flawed(rule, object, err.Error())
	}
	return r.take(rule, object, found, trace)
}

func (r *run) query(ref ast.Ref, input ast.Value) (ast.Value, *tracer, error) {
	answered := ast.VarTerm("answered")
	body := ast.NewBody(ast.Equality.Expr(answered, ast.NewTerm(ref)))
	compiled, err := r.compiler.QueryCompiler().Compile(body)
	if err != nil {
		return nil, nil, err
	}
	txn, err := r.store.NewTransaction(r.ctx)
	if err != nil {
		return nil, nil, err
	}
	defer r.store.Abort(context.Background(), txn)
	trace := &tracer{rule: ref, places: map[string]*ast.Location{}}
	query := topdown.NewQuery(compiled).WithCompiler(r.compiler).WithStore(r.store).WithTransaction(txn).
		WithInput(ast.NewTerm(input)).WithCancel(r.cancel).WithQueryTracer(trace).WithStrictBuiltinErrors(true)
	var found ast.Value
	err = query.Iter(r.ctx, func(result topdown.QueryResult) error {
		for _, term := range result {
			found = term.Value
		}
		return nil
	})
	return found, trace, err
}

// take reads what a rule gives: a set, list or map of texts or of {msg, field?}; a text; true.
func (r *run) take(rule target, object *int, found ast.Value, trace *tracer) bool {
	report := func(value *ast.Term) bool {
		message, field, ok := textsOf(value)
		if !ok {
			return r.flawed(rule, object, "gives "+short(value.String())+", which is neither a text nor {\"msg\": text}")
		}
		one := finding{File: rule.file, Line: rule.line, Rule: rule.name, Severity: rule.severity, Object: object, Message: message, Field: field}
		if place := trace.places[value.String()]; place != nil {
			one.File, one.Line = place.File, place.Row
		}
		r.answer.Findings = append(r.answer.Findings, one)
		return true
	}
	ok := true
	each := func(term *ast.Term) { ok = ok && report(term) }
	switch value := found.(type) {
	case nil:
	case ast.Set:
		value.Foreach(each)
	case *ast.Array:
		value.Foreach(each)
	case ast.String:
		each(ast.NewTerm(value))
	case ast.Boolean:
		if bool(value) {
			each(ast.StringTerm("refused by " + rule.name))
		}
	case ast.Object:
		value.Foreach(func(key, _ *ast.Term) { each(key) })
	default:
		return r.flawed(rule, object, "gives "+short(found.String())+", which is no set of findings")
	}
	return ok
}

func textsOf(term *ast.Term) (message string, field string, ok bool) {
	if text, isText := term.Value.(ast.String); isText {
		return string(text), "", true
	}
	var parts struct {
		Msg   string `json:"msg"`
		Field string `json:"field"`
	}
	if _, isObject := term.Value.(ast.Object); !isObject {
		return "", "", false
	}
	plain, err := ast.JSON(term.Value)
	if err != nil {
		return "", "", false
	}
	written, err := json.Marshal(plain)
	if err != nil || json.Unmarshal(written, &parts) != nil || parts.Msg == "" {
		return "", "", false
	}
	return parts.Msg, parts.Field, true
}

func short(text string) string {
	if len(text) > 80 {
		return text[:80] + "…"
	}
	return text
}

func (r *run) flawed(rule target, object *int, message string) bool {
	r.answer.Flaws = append(r.answer.Flaws, flaw{File: rule.file, Line: rule.line, Object: object, Message: rule.name + " " + message})
	return false
}

// tracer notes which of the rules of one name gave which value.
type tracer struct {
	rule   ast.Ref
	places map[string]*ast.Location
}

func (t *tracer) Enabled() bool { return true }

func (t *tracer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (t *tracer) TraceEvent(event topdown.Event) {
	if event.Op != topdown.ExitOp {
		return
	}
	rule, isRule := event.Node.(*ast.Rule)
	if !isRule || rule.Head.Key == nil || !rule.Path().Equal(t.rule) && !rule.Ref().GroundPrefix().Equal(t.rule) {
		return
	}
	value := event.Plug(rule.Head.Key)
	t.places[value.String()] = rule.Location
}
