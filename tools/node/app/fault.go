package main

import (
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"
)

// fault is how the application misbehaves; the zero value is good.
type fault struct {
	errorShare float64 // of all requests, from 0 to 1
	latency    time.Duration
	crashAfter time.Duration
	readyAfter time.Duration
	leakBytes  int // a second
	started    time.Time
	leaked     [][]byte
}

// readFault reads kind:value, or nothing.
func readFault(text string) (*fault, error) {
	f := &fault{started: time.Now()}
	if text == "" {
		return f, nil
	}
	kind, value, _ := strings.Cut(text, ":")
	var err error
	switch kind {
	case "errors":
		f.errorShare, err = strconv.ParseFloat(value, 64)
		f.errorShare /= 100
	case "latency":
		f.latency, err = time.ParseDuration(value)
	case "crash":
		f.crashAfter, err = time.ParseDuration(value)
	case "slow-start":
		f.readyAfter, err = time.ParseDuration(value)
	case "leak":
		f.leakBytes = 5 << 20
		if value != "" {
			f.leakBytes, err = strconv.Atoi(value)
			f.leakBytes <<= 20
		}
	default:
		err = fmt.Errorf("there are errors, latency, crash, slow-start and leak")
	}
	if err != nil {
		return nil, fmt.Errorf("FAULT=%s: %w", text, err)
	}
	return f, nil
}

// begin starts the faults that need no request.
func (f *fault) begin() {
	if f.crashAfter > 0 {
		time.AfterFunc(f.crashAfter, func() {
			log.Print("crashing, as FAULT says")
			os.Exit(3)
		})
	}
	if f.leakBytes > 0 {
		go func() {
			for range time.Tick(time.Second) {
				page := make([]byte, f.leakBytes)
				for i := range page {
					page[i] = 1 // only touched memory is taken
				}
				f.leaked = append(f.leaked, page)
			}
		}()
	}
}

func (f *fault) isReady() bool { return time.Since(f.started) >= f.readyAfter }

// fails decides whether this request is answered with an error.
func (f *fault) fails() bool { return rand.Float64() < f.errorShare }
