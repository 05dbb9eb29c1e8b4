import { readPullError } from '../../src/domain/pull-error';
import type { PullError } from '../../src/domain/pull-error';

const IMAGE = 'images.example.com/shop/web:v9';

/** What runtimes and registries say, by who says it. */
const WORDINGS: readonly (readonly [who: string, means: PullError, message: string])[] = [
  [
    'containerd, tag missing',
    'missing',
    `rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`,
  ],
  [
    'the back-off of Kubernetes 1.32 and later, tag missing',
    'missing',
    `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`,
  ],
  [
    'docker, tag missing',
    'missing',
    'rpc error: code = Unknown desc = Error response from daemon: manifest for nginx:1.99 not found: manifest unknown: manifest unknown',
  ],
  ['CRI-O, tag missing', 'missing', `reading manifest v9 in images.example.com/shop/web: manifest unknown`],
  [
    'Harbor, tag missing',
    'missing',
    `failed to resolve reference "${IMAGE}": ${IMAGE}: artifact shop/web:v9 not found`,
  ],
  [
    'ECR, tag missing',
    'missing',
    'rpc error: code = NotFound desc = failed to pull and unpack image "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v9": failed to resolve reference "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v9": 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v9: not found',
  ],
  [
    'ECR, repository missing',
    'missing',
    "name unknown: The repository with name 'web' does not exist in the registry with id '123456789012'",
  ],
  [
    'GCR, tag missing',
    'missing',
    'manifest unknown: Failed to fetch "v9" from request "/v2/my-project/web/manifests/v9".',
  ],
  [
    'containerd, image for another architecture only',
    'missing',
    `failed to pull and unpack image "${IMAGE}": no match for platform in manifest: not found`,
  ],
  [
    'docker, image for another architecture only',
    'missing',
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
  ],
  [
    'Docker Hub, private or missing',
    'denied',
    'failed to resolve reference "docker.io/acme/web:v9": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  [
    'docker, private or missing',
    'denied',
    "Error response from daemon: pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ],
  [
    'ECR, no credentials',
    'denied',
    'pulling from host 123456789012.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests v9]: 401 Unauthorized: no basic auth credentials',
  ],
  [
    'ECR, token too old',
    'denied',
    'denied: Your authorization token has expired. Reauthenticate and try again.',
  ],
  [
    'Artifact Registry, no right',
    'denied',
    'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/p/locations/eu/repositories/web" (or it may not exist)',
  ],
  [
    'GCR, anonymous',
    'denied',
    'failed to authorize: failed to fetch anonymous token: unexpected status: 403 Forbidden',
  ],
  ['Quay, no right', 'denied', 'unauthorized: access to the requested resource is not authorized'],
  [
    'Docker Hub, limit',
    'unreachable',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/acme/web/manifests/v9: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
  ],
  [
    'a registry that fails',
    'unreachable',
    'unexpected status from HEAD request to https://images.example.com/v2/shop/web/manifests/v9: 503 Service Unavailable',
  ],
  [
    'a registry that fails, another wording',
    'unreachable',
    'received unexpected HTTP status: 500 Internal Server Error',
  ],
  [
    'no name',
    'unreachable',
    'failed to do request: Head "https://images.example.com/v2/shop/web/manifests/v9": dial tcp: lookup images.example.com on 10.96.0.10:53: no such host',
  ],
  ['no answer', 'unreachable', 'dial tcp 10.1.2.3:443: i/o timeout'],
  [
    'no listener',
    'unreachable',
    'pinging container registry images.example.com: Get "https://images.example.com/v2/": dial tcp 10.1.2.3:443: connect: connection refused',
  ],
  [
    'a slow TLS handshake',
    'unreachable',
    'Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout',
  ],
  [
    'an unknown authority',
    'unreachable',
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'the kubelet, registry unavailable',
    'unreachable',
    `Back-off pulling image "${IMAGE}": RegistryUnavailable: registry is not available`,
  ],
  [
    'CRI-O, unsigned',
    'unsigned',
    'SignatureValidationFailed: Source image rejected: A signature was required, but no signature exists',
  ],
  [
    'the node, broken content store',
    'unknown',
    'failed to extract layer sha256:ab12: failed to get reader from content store: content digest sha256:ab12: not found',
  ],
  [
    'the node, full disk',
    'unknown',
    'write /var/lib/containerd/io.containerd.content.v1.content/ingest/x/data: no space left on device',
  ],
  ['the back-off before Kubernetes 1.32', 'unknown', `Back-off pulling image "${IMAGE}"`],
];

describe('readPullError', () => {
  test.each(WORDINGS)('understands %s as %s', (_who, means, message) => {
    expect(readPullError(message, IMAGE)).toBe(means);
  });

  test.each<readonly [string, PullError]>([
    ['images.example.com/denied/unauthorized-timeout:429', 'missing'],
    ['timeout:503', 'missing'],
  ])('does not read the name %s as a message', (image, means) => {
    const message = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    expect(readPullError(message, image)).toBe(means);
  });
});
