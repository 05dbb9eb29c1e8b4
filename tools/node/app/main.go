// Command app is the sample application of the real node. It answers with its
// version, counts what it answers, and misbehaves as FAULT says.
//
//	VERSION       what it calls itself, from the image
//	FAULT         errors:20, latency:300ms, crash:20s, slow-start:10s, leak:5 (MiB a second)
//	REQUIRE       the name of an environment variable without which it exits
//	DRAIN         how long it goes on serving after SIGTERM, 4s unless given
//
// With the argument "pause" it only waits: the image of the pods' sandboxes.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(log.LstdFlags | log.Lmicroseconds)
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	if len(os.Args) > 1 && os.Args[1] == "pause" {
		<-stop.Done()
		return
	}
	if name := os.Getenv("REQUIRE"); name != "" && os.Getenv(name) == "" {
		log.Fatalf("environment variable %s is not set", name)
	}
	fault, err := readFault(os.Getenv("FAULT"))
	if err != nil {
		log.Fatal(err)
	}
	drain, err := readDuration("DRAIN", 4*time.Second)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: ":8080", Handler: newHandler(os.Getenv("VERSION"), fault)}
	fault.begin()
	go func() {
		if err := server.ListenAndServe(); err != http.ErrServerClosed {
			log.Fatal(err)
		}
	}()
	log.Printf("version %s serves, fault %q", os.Getenv("VERSION"), os.Getenv("FAULT"))

	<-stop.Done()
	// Routers learn of the end after this process does: until then requests
	// keep coming, and each of them is answered.
	log.Printf("ending: serving for another %s", drain)
	time.Sleep(drain)
	last, cancelLast := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancelLast()
	if err := server.Shutdown(last); err != nil {
		log.Fatal(err)
	}
}

func readDuration(name string, otherwise time.Duration) (time.Duration, error) {
	text := os.Getenv(name)
	if text == "" {
		return otherwise, nil
	}
	duration, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return duration, nil
}
