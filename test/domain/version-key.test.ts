import { configRefs, renameConfig, versionText } from '../../src/domain/version-key';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image: 'web:v9' }] },
};
const config = { kind: 'ConfigMap', name: 'web-config', data: { LEVEL: 'info' } };
const secret = { kind: 'Secret', name: 'web-config', data: { TOKEN: 'YWJj' } };

describe('versionText', () => {
  test('is canonical JSON with sorted keys', () => {
    expect(versionText({ b: [2, 1], a: { d: 'x', c: true } }, [])).toBe(
      '{"config":[],"template":{"a":{"c":true,"d":"x"},"b":[2,1]}}',
    );
  });

  test.each<readonly [string, unknown, readonly (typeof config | typeof secret)[]]>([
    [
      'the order of keys',
      { spec: { containers: [{ image: 'web:v9', name: 'app' }] }, metadata: { labels: { app: 'web' } } },
      [config, secret],
    ],
    ['the order of configuration', template, [secret, config]],
    [
      'null instead of an absent field',
      { ...template, metadata: { creationTimestamp: null, labels: { app: 'web' } } },
      [config, secret],
    ],
  ])('does not depend on %s', (_name, other, configs) => {
    expect(versionText(other, configs)).toBe(versionText(template, [config, secret]));
  });

  test.each<readonly [string, unknown, readonly { kind: string; name: string; data: unknown }[]]>([
    ['the image', { ...template, spec: { containers: [{ name: 'app', image: 'web:v10' }] } }, [config]],
    [
      'an annotation',
      {
        ...template,
        metadata: {
          labels: { app: 'web' },
          annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-03-01T03:00:00Z' },
        },
      },
      [config],
    ],
    [
      'the order of containers',
      {
        ...template,
        spec: {
          containers: [
            { name: 'x', image: 'x' },
            { name: 'app', image: 'web:v9' },
          ],
        },
      },
      [config],
    ],
    ['the content of configuration', template, [{ ...config, data: { LEVEL: 'debug' } }]],
    ['the name of configuration', template, [{ ...config, name: 'other' }]],
    ['the kind of configuration', template, [{ ...config, kind: 'Secret' }]],
    ['whether there is configuration', template, []],
  ])('depends on %s', (_name, other, configs) => {
    expect(versionText(other, configs)).not.toBe(versionText(template, [config]));
  });
});

const podSpec = {
  imagePullSecrets: [{ name: 'pull' }],
  initContainers: [{ name: 'migrate', envFrom: [{ secretRef: { name: 'db' } }] }],
  containers: [
    {
      name: 'app',
      env: [
        { name: 'PLAIN', value: 'x' },
        { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'web', key: 'level', optional: true } } },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'token' } } },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
      envFrom: [
        { prefix: 'W_', configMapRef: { name: 'web' } },
        { configMapRef: { name: 'extra', optional: true } },
      ],
    },
  ],
  ephemeralContainers: [{ name: 'debug', envFrom: [{ configMapRef: { name: 'debug' } }] }],
  volumes: [
    { name: 'a', configMap: { name: 'files', items: [{ key: 'a', path: 'a' }] } },
    { name: 'b', secret: { secretName: 'tls', optional: true } },
    {
      name: 'c',
      projected: {
        sources: [
          { configMap: { name: 'files' } },
          { secret: { name: 'db' } },
          { serviceAccountToken: { path: 't' } },
        ],
      },
    },
    { name: 'd', emptyDir: {} },
    { name: 'e', csi: { driver: 'x', nodePublishSecretRef: { name: 'driver' } } },
  ],
};

describe('configRefs', () => {
  test('finds every object once, in the order of the pod spec, optional only if every reference is', () => {
    expect(configRefs(podSpec)).toEqual([
      { kind: 'Secret', name: 'db', isOptional: false },
      { kind: 'ConfigMap', name: 'web', isOptional: false },
      { kind: 'Secret', name: 'token', isOptional: false },
      { kind: 'ConfigMap', name: 'extra', isOptional: true },
      { kind: 'ConfigMap', name: 'files', isOptional: false },
      { kind: 'Secret', name: 'tls', isOptional: true },
    ]);
  });

  test.each([
    [{}],
    [{ containers: 'x', volumes: [null, 3] }],
    [{ containers: [{ env: [{ valueFrom: null }] }] }],
  ])('finds nothing in %j', (spec) => {
    expect(configRefs(spec)).toEqual([]);
  });
});

describe('renameConfig', () => {
  test('renames an object wherever the pod reads it and touches nothing else', () => {
    const names = {
      'ConfigMap/web': 'web-1',
      'ConfigMap/files': 'files-1',
      'Secret/db': 'db-1',
      'Secret/tls': 'tls-1',
      'Secret/web': 'no',
      'Secret/pull': 'no',
      'ConfigMap/debug': 'no',
    };
    const text = JSON.stringify(podSpec)
      .replaceAll('"name":"web"', '"name":"web-1"')
      .replaceAll('"name":"files"', '"name":"files-1"')
      .replaceAll('"name":"db"', '"name":"db-1"')
      .replaceAll('"secretName":"tls"', '"secretName":"tls-1"');
    expect(renameConfig(podSpec, names)).toEqual(JSON.parse(text));
  });

  test('leaves its input as it was', () => {
    const before = JSON.stringify(podSpec);
    renameConfig(podSpec, { 'ConfigMap/web': 'web-1' });
    expect(JSON.stringify(podSpec)).toBe(before);
  });

  test('is read back by configRefs', () => {
    const renamed = configRefs(renameConfig(podSpec, { 'Secret/tls': 'tls-1' }));
    expect(renamed.map(({ name }) => name)).toEqual(['db', 'web', 'token', 'extra', 'files', 'tls-1']);
  });
});
