#!/bin/sh
# Waits until Temporal serves, and makes the namespace `default` where it is missing; may be repeated.
set -eu
until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done
temporal operator namespace describe -n default >/dev/null 2>&1 ||
  temporal operator namespace create -n default --retention 30d
