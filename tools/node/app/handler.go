package main

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// The upper bounds of the latency histogram, in seconds.
var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5}

// metrics counts answers by status and duration.
type metrics struct {
	mutex   sync.Mutex
	codes   map[int]int
	buckets []int
	seconds float64
	count   int
}

func newHandler(version string, f *fault) http.Handler {
	m := &metrics{codes: map[int]int{200: 0, 500: 0}, buckets: make([]int, len(bounds))}
	mux := http.NewServeMux()
	mux.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) {
		if !f.isReady() {
			http.Error(w, "starting", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { m.write(w, version) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		begun := time.Now()
		time.Sleep(2*time.Millisecond + f.latency)
		code := http.StatusOK
		if f.fails() {
			code = http.StatusInternalServerError
		}
		// Who answered: an error without it comes from the router.
		w.Header().Set("X-Version", version)
		w.WriteHeader(code)
		fmt.Fprintln(w, version)
		m.add(code, time.Since(begun))
	})
	return mux
}

func (m *metrics) add(code int, taken time.Duration) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.codes[code]++
	m.count++
	m.seconds += taken.Seconds()
	for i, bound := range bounds {
		if taken.Seconds() <= bound {
			m.buckets[i]++
		}
	}
}

// write prints the counts in Prometheus' text format.
func (m *metrics) write(w http.ResponseWriter, version string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	fmt.Fprintln(w, "# TYPE http_requests_total counter")
	for code, count := range m.codes {
		fmt.Fprintf(w, "http_requests_total{version=%q,code=\"%d\"} %d\n", version, code, count)
	}
	const name = "http_request_duration_seconds"
	fmt.Fprintf(w, "# TYPE %s histogram\n", name)
	for i, bound := range bounds {
		fmt.Fprintf(w, "%s_bucket{version=%q,le=\"%g\"} %d\n", name, version, bound, m.buckets[i])
	}
	fmt.Fprintf(w, "%s_bucket{version=%q,le=\"+Inf\"} %d\n", name, version, m.count)
	fmt.Fprintf(w, "%s_sum{version=%q} %g\n", name, version, m.seconds)
	fmt.Fprintf(w, "%s_count{version=%q} %d\n", name, version, m.count)
}
