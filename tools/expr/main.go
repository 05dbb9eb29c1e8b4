// Program main evaluates the expressions of cases.json with the original expr-lang and prints the table that
// test/domain/expr/table.test.ts holds ours against:
//
//	cd tools/expr && go run . < cases.json > ../../test/domain/expr/table.json
//
// Values that JSON has no form for are objects of one field that starts with "$": see encode.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"sort"
	"strconv"
	"time"

	"github.com/expr-lang/expr"
)

type group struct {
	Title string
	// "expression", "condition" (Argo Rollouts' environment) or "time" (the same, of a range query).
	Kind string
	// Name of an environment; a condition takes its "result".
	Env     string
	Sources []string
}

type row struct {
	Group  string `json:"group"`
	Kind   string `json:"kind"`
	Env    string `json:"env"`
	Source string `json:"source"`
	Value  any    `json:"value,omitempty"`
	Error  bool   `json:"error,omitempty"`
}

func main() {
	var input struct {
		Environments map[string]map[string]any
		Groups       []group
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	rows := []row{}
	for _, group := range input.Groups {
		environment := decode(input.Environments[group.Env]).(map[string]any)
		for _, source := range group.Sources {
			row := row{Group: group.Title, Kind: group.Kind, Env: group.Env, Source: source}
			value, err := evaluate(group.Kind, source, environment)
			if err != nil {
				row.Error = true
				if os.Getenv("WHY") != "" {
					fmt.Fprintln(os.Stderr, source, "->", err)
				}
			} else {
				row.Value = encode(value)
			}
			rows = append(rows, row)
		}
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(map[string]any{"environments": input.Environments, "rows": rows}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func evaluate(kind, source string, environment map[string]any) (value any, err error) {
	switch kind {
	case "condition":
		environment = conditionEnvironment(environment["result"])
	case "time":
		environment = map[string]any{"isNaN": math.IsNaN, "isInf": isInf}
	}
	program, err := expr.Compile(source, expr.Env(environment))
	if err != nil {
		return nil, err
	}
	value, err = expr.Run(program, environment)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "condition":
		if _, ok := value.(bool); !ok {
			return nil, fmt.Errorf("%T is no bool", value)
		}
	case "time":
		at, ok := value.(time.Time)
		if !ok {
			return nil, fmt.Errorf("%T is no time", value)
		}
		return at.UnixMilli(), nil
	}
	return value, nil
}

// conditionEnvironment has the names Argo Rollouts 1.9 gives a condition. Its default and isNil ask of the result only.
func conditionEnvironment(result any) map[string]any {
	absent := result == nil
	return map[string]any{
		"result":  result,
		"isNaN":   math.IsNaN,
		"isInf":   isInf,
		"isNil":   func(any) bool { return absent },
		"asInt":   func(in any) int64 { return number(in, parseInt, func(f float64) int64 { return int64(f) }) },
		"asFloat": func(in any) float64 { return number(in, parseFloat, func(f float64) float64 { return f }) },
		"default": func(_ any, fallback any) any {
			if absent {
				return fallback
			}
			return result
		},
	}
}

func isInf(f float64) bool { return math.IsInf(f, 0) }

func parseInt(text string) (int64, error)     { return strconv.ParseInt(text, 10, 64) }
func parseFloat(text string) (float64, error) { return strconv.ParseFloat(text, 64) }

func number[N int64 | float64](in any, parse func(string) (N, error), cut func(float64) N) N {
	switch value := in.(type) {
	case string:
		parsed, err := parse(value)
		if err != nil {
			panic(err)
		}
		return parsed
	case float64:
		return cut(value)
	case int:
		return N(value)
	case int64:
		return N(value)
	}
	panic(fmt.Sprintf("%T is no number", in))
}

// decode turns {"$int": "5"}, {"$float": "NaN"}, {"$floats": […]} and {"$ints": […]} into the Go values they stand for.
func decode(value any) any {
	switch value := value.(type) {
	case []any:
		out := make([]any, len(value))
		for i, each := range value {
			out[i] = decode(each)
		}
		return out
	case map[string]any:
		for key, inner := range value {
			switch key {
			case "$int":
				parsed, _ := strconv.Atoi(inner.(string))
				return parsed
			case "$float":
				parsed, _ := strconv.ParseFloat(inner.(string), 64)
				return parsed
			case "$floats":
				floats := []float64{}
				for _, each := range inner.([]any) {
					floats = append(floats, decode(each).(float64))
				}
				return floats
			case "$ints":
				ints := []int{}
				for _, each := range inner.([]any) {
					ints = append(ints, int(each.(float64)))
				}
				return ints
			}
		}
		out := map[string]any{}
		for key, each := range value {
			out[key] = decode(each)
		}
		return out
	}
	return value
}

// encode is the reverse of decode; typed slices become arrays, and maps with keys of any type a sorted {"$map": [[key, value]]}.
func encode(value any) any {
	switch value := value.(type) {
	case nil:
		return map[string]any{"$nil": true}
	case time.Duration:
		return map[string]any{"$duration": strconv.FormatInt(int64(value), 10)}
	case time.Time:
		return map[string]any{"$time": strconv.FormatInt(value.UnixMilli(), 10)}
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) || (value == 0 && math.Signbit(value)) {
			return map[string]any{"$float": strconv.FormatFloat(value, 'g', -1, 64)}
		}
		return value
	case bool, string:
		return value
	}
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return map[string]any{"$int": strconv.FormatInt(v.Int(), 10)}
	case v.CanUint():
		return map[string]any{"$int": strconv.FormatUint(v.Uint(), 10)}
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = encode(v.Index(i).Interface())
		}
		return out
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		out := map[string]any{}
		for _, key := range v.MapKeys() {
			out[key.String()] = encode(v.MapIndex(key).Interface())
		}
		return out
	case v.Kind() == reflect.Map:
		pairs := [][2]any{}
		for _, key := range v.MapKeys() {
			pairs = append(pairs, [2]any{encode(key.Interface()), encode(v.MapIndex(key).Interface())})
		}
		sort.Slice(pairs, func(i, j int) bool { return fmt.Sprint(pairs[i][0]) < fmt.Sprint(pairs[j][0]) })
		return map[string]any{"$map": pairs}
	}
	return map[string]any{"$other": fmt.Sprintf("%T", value)}
}
