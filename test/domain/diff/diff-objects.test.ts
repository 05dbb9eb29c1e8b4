import { diffObjects, differ, nothingIgnored } from '../../../src/domain/diff/diff-objects';
import type { KubeObject } from '../../../src/domain/kube-object';

function object(fields: object, metadata: object = {}, kind = 'ConfigMap'): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'web', ...metadata }, ...fields };
}

function fields(live: object, git: object) {
  return diffObjects(object(live), object(git)).map(({ field, live: l, git: g }) => [field, l, g]);
}

describe('what differs', () => {
  test.each<[string, object, object, readonly (readonly unknown[])[]]>([
    ['nothing', { data: { a: '1' } }, { data: { a: '1' } }, []],
    ['the order of keys', { spec: { a: 1, b: 2 } }, { spec: { b: 2, a: 1 } }, []],
    ['a value', { spec: { replicas: 5 } }, { spec: { replicas: 3 } }, [['spec.replicas', 5, 3]]],
    ['a number and a text', { spec: { port: 1 } }, { spec: { port: '1' } }, [['spec.port', 1, '1']]],
    [
      'what only live has',
      { spec: { a: 1, b: { c: 1 } } },
      { spec: { a: 1 } },
      [['spec.b', { c: 1 }, undefined]],
    ],
    ['what only Git has', { data: {} }, { data: { 'a.txt': 'x' } }, [['data["a.txt"]', undefined, 'x']]],
    ['false and nothing', { spec: { a: false } }, { spec: {} }, [['spec.a', false, undefined]]],
    ['null and nothing', { spec: { a: null } }, { spec: {} }, [['spec.a', null, undefined]]],
    [
      'several, in the order of their names',
      { spec: { b: 1, a: 1 } },
      { spec: { b: 2, a: 2 } },
      [
        ['spec.a', 1, 2],
        ['spec.b', 1, 2],
      ],
    ],
    [
      'an item among named ones',
      {
        list: [
          { name: 'proxy', image: 'p' },
          { name: 'web', image: 'v1' },
        ],
      },
      { list: [{ name: 'web', image: 'v2' }] },
      [
        ['list[web].image', 'v1', 'v2'],
        ['list[proxy]', { name: 'proxy', image: 'p' }, undefined],
      ],
    ],
    [
      'the order of named items',
      { list: [{ name: 'a' }, { name: 'b' }] },
      { list: [{ name: 'b' }, { name: 'a' }] },
      [['list', ['a', 'b'], ['b', 'a']]],
    ],
    [
      'a list of plain values, as a whole',
      { args: ['a', 'b'] },
      { args: ['a'] },
      [['args', ['a', 'b'], ['a']]],
    ],
    [
      'a literal environment value, which is in Git anyway',
      { env: [{ name: 'A', value: 'x' }] },
      { env: [{ name: 'A', value: 'y' }] },
      [['env[A].value', 'x', 'y']],
    ],
  ])('%s', (_name, live, git, expected) => {
    expect(fields(live, git)).toEqual(expected);
    expect(differ(object(live), object(git))).toBe(expected.length > 0);
  });

  it('is not what the API server, controllers or Belay keep books of', () => {
    const live = object(
      { status: { ready: 1 } },
      {
        resourceVersion: '2',
        generation: 2,
        managedFields: [{ manager: 'x' }],
        annotations: { 'belay.dev/fence': '7', 'belay.dev/wanted-replicas': '3', 'belay.dev/route': '{}' },
      },
    );
    expect(diffObjects(live, object({}, { resourceVersion: '1', generation: 1 }))).toEqual([]);
  });

  it('is not what is ignored, list items too', () => {
    const live = object({ spec: { replicas: 5, list: ['a', 'x', 'y', 'b'] } });
    const git = object({ spec: { replicas: 3, list: ['a', 'b'] } });
    const ignored = {
      live: [
        ['spec', 'replicas'],
        ['spec', 'list', 1],
        ['spec', 'list', 2],
      ],
      git: [['spec', 'replicas']],
    };
    expect(diffObjects(live, git, ignored)).toEqual([]);
    expect(differ(live, git, nothingIgnored)).toBe(true);
  });

  it('is not a map that held only what is ignored', () => {
    const live = object({ spec: { list: [{ name: 'a', x: { y: 1 } }] } }, { annotations: { injected: '1' } });
    const git = object({ spec: { list: [{ name: 'a' }], more: {} } });
    const ignored = {
      live: [
        ['metadata', 'annotations', 'injected'],
        ['spec', 'list', 0, 'x', 'y'],
        ['spec', 'more', 'z'],
      ],
      git: [],
    };
    expect(diffObjects(live, git, ignored)).toEqual([]);
  });

  it('of long texts is the lines that differ, and where they begin', () => {
    const live = 'a\nb\nc\nd\n';
    expect(diffObjects(object({ data: { f: live } }), object({ data: { f: 'a\nx\ny\nd\n' } }))).toEqual([
      { field: 'data.f', path: ['data', 'f'], line: 2, live: 'b\nc', git: 'x\ny' },
    ]);
  });

  it('is shortened where it is long', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, 'value']));
    const [text, map] = diffObjects(object({ a: 'x'.repeat(5_000), b: 1 }), object({ a: 'y', b: many }));
    expect(JSON.stringify(text).length).toBeLessThan(1_200);
    expect(text?.live).toMatch(/… \(4000 more characters\)$/);
    expect(map?.git).toMatch(/^<map of 500 fields, \d+ characters>$/);
  });
});

describe('a Secret', () => {
  const sentinel = 's3ntinel';
  const coded = Buffer.from(sentinel).toString('base64');
  const secret = (data: object, metadata: object = {}) =>
    object({ data, type: 'Opaque' }, metadata, 'Secret');
  const said = (live: KubeObject, git: KubeObject) => {
    const changes = diffObjects(live, git);
    const text = JSON.stringify(changes);
    expect(text).not.toContain(sentinel);
    expect(text).not.toContain(coded);
    return changes.map(({ field, live: l, git: g }) => [field, l, g]);
  };

  it('shows that a value differs, and its length only', () => {
    const other = Buffer.from('another').toString('base64');
    expect(said(secret({ token: coded, same: coded }), secret({ token: other, same: coded }))).toEqual([
      ['data.token', '<8 bytes>', '<7 bytes, changed>'],
    ]);
    expect(
      said(secret({ token: coded }), secret({ token: Buffer.from('S3NTINEL').toString('base64') })),
    ).toEqual([['data.token', '<8 bytes>', '<8 bytes, changed>']]);
  });

  it('is masked where a value comes or goes, and where all of them do', () => {
    expect(said(secret({}), secret({ token: coded }))).toEqual([['data.token', undefined, '<8 bytes>']]);
    expect(said(secret({ token: coded }), secret({}))).toEqual([['data.token', '<8 bytes>', undefined]]);
    const empty = object({ type: 'Opaque' }, {}, 'Secret');
    expect(said(secret({ token: coded }), empty)).toEqual([['data', { token: '<8 bytes>' }, undefined]]);
  });

  it('is masked where its values are copied to', () => {
    const copies = { 'example.com/copy': `{"token":"${coded}"}`, 'example.com/plain': `token=${sentinel}` };
    const changes = said(secret({ token: coded }, { annotations: copies }), secret({ token: coded }));
    expect(changes).toEqual([
      [
        'metadata.annotations',
        { 'example.com/copy': '<24 bytes>', 'example.com/plain': '<14 bytes>' },
        undefined,
      ],
    ]);
  });

  it("is masked in kubectl's copy, of any object", () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': `{"stringData":"${sentinel}"}`,
    };
    expect(said(object({}, { annotations }), object({}, {}))).toEqual([
      [
        'metadata.annotations',
        { 'kubectl.kubernetes.io/last-applied-configuration': '<25 bytes>' },
        undefined,
      ],
    ]);
  });
});
