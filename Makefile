# `make help` lists what there is. Everything runs on the Node of node_modules (package `node`), whatever the host has.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

installed := node_modules/.package-lock.json

.PHONY: help demo demo-release test check e2e build clean prerequisites

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: build ## the story from a good push to a reverted one, checked; KEEP=1 leaves it running
	npm run --silent demo

demo-release: build ## a shop of twelve applications goes out as one release and comes back as one, checked; KEEP=1 as above
	npm run --silent demo:release

test: $(installed) ## lint, types, build and all tests; PARTS="lint unit" runs some
	npm test --silent -- $(PARTS)

e2e: build ## real containers and real traffic on a node of this machine: as root on Linux, else it says why not
	npm run --silent e2e:node

check: $(installed) ## what needs no server: lint, types, unit tests
	npm test --silent -- lint types unit

build: $(installed) ## compile to dist/ and bundle the workflows
	npm run --silent build

clean: ## remove what was built and installed; tools stay in the cache
	rm -rf dist node_modules

# Packages are installed again whenever the lock file is newer than what is there. What the local cluster and Temporal need besides
# (Go, Python) is checked where they are built and fetched.
$(installed): package-lock.json | prerequisites
	npm ci
	@touch $@

prerequisites:
	@fail() { printf 'error: %s\n  try: %s\n' "$$1" "$$2" >&2; exit 1; }; \
	command -v node >/dev/null || fail 'Node is not on the PATH; its npm installs the packages' 'install Node 20 or newer (https://nodejs.org)'; \
	command -v npm >/dev/null || fail 'npm is not on the PATH' 'install Node 20 or newer with npm (https://nodejs.org)'; \
	major=$$(node -p 'process.versions.node.split(".")[0]'); \
	[ "$$major" -ge 20 ] || fail "this is Node $$(node --version); installing needs 20 or newer" 'install Node 20 or newer (https://nodejs.org)'; \
	command -v git >/dev/null || fail 'git is not on the PATH; Belay reads and writes repositories with it' 'install git'
