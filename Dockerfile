# syntax=docker/dockerfile:1
# The Belay worker and command line. Temporal's native library is built for glibc only: no Alpine here.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /opt/belay
COPY package.json package-lock.json .npmrc ./
# No install scripts: the one of the package `node` would fetch a second Node beside the image's own.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY bin ./bin
COPY tools ./tools
COPY src ./src
# Compiles, and bundles the workflows into dist/workflow-bundle.js: workers of one image run the very same workflow code.
RUN npm run build && test -s dist/workflow-bundle.js

# The programs that render, from their pinned modules.
FROM golang:1.26-bookworm AS render
WORKDIR /src
COPY tools/render ./
ENV CGO_ENABLED=0 GOFLAGS=-mod=readonly
RUN go build -buildvcs=false -trimpath -ldflags '-s -w' -o /out/kustomize sigs.k8s.io/kustomize/kustomize/v5 \
  && go build -buildvcs=false -trimpath -ldflags '-s -w' -o /out/helm helm.sh/helm/v3/cmd/helm
# What evaluates policies in Rego.
WORKDIR /policies
COPY tools/policies ./
RUN go build -buildvcs=false -trimpath -ldflags '-s -w' -o /out/belay-rego .

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /opt/belay
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim AS runtime
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git openssh-client gpg gpg-agent \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o 1000 -g 1000 /var/lib/belay \
  && ln -s /opt/belay/bin/belay.js /usr/local/bin/belay
WORKDIR /opt/belay
COPY --from=packages /opt/belay/node_modules ./node_modules
COPY --from=build /opt/belay/dist ./dist
COPY package.json LICENSE NOTICE ./
COPY --chmod=755 bin ./bin
COPY --from=render --chmod=755 /out/ ./bin/
# All but the first hold the worker's memory down: V8's space for young objects, glibc's arenas, of which each thread would get one, and
# how much freed memory glibc keeps from the system.
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=4 MALLOC_ARENA_MAX=2 \
  MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=65536
# The image's user `node`. The directory holds mirrors of repositories, a cache that may be lost.
USER 1000:1000
VOLUME /var/lib/belay
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Exec form: SIGTERM reaches Belay itself, which lets go of its tasks and ends within 10 s.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/opt/belay/bin/belay.js"]
CMD ["worker", "--data-dir", "/var/lib/belay", "--health-port", "8080"]
