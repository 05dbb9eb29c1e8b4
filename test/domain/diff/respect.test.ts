import { respectIgnored } from '../../../src/domain/diff/respect';
import type { KubeObject } from '../../../src/domain/kube-object';

const owns = (manager: string, fields: object) => ({
  manager,
  operation: manager === 'belay' ? 'Apply' : 'Update',
  fieldsV1: { 'f:spec': fields },
});

function deployment(spec: object, managedFields: readonly object[] = []): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', managedFields: managedFields as never },
    spec,
  };
}

const replicas = [['spec', 'replicas']];

describe('a sync that respects ignored differences', () => {
  it('leaves a field out that only another manager owns', () => {
    const live = deployment({ replicas: 5, a: 1 }, [owns('hpa', { 'f:replicas': {} })]);
    const object = respectIgnored(deployment({ replicas: 3, a: 2 }), live, {
      wanted: replicas,
      live: replicas,
    });
    expect(object['spec']).toEqual({ a: 2 });
  });

  it('writes the live value where Belay owns the field, alone or with others', () => {
    const own = owns('belay', { 'f:replicas': {} });
    for (const managed of [[own], [own, owns('hpa', { 'f:replicas': {} })], []]) {
      const live = deployment({ replicas: 5 }, managed);
      const object = respectIgnored(deployment({ replicas: 3 }), live, { wanted: replicas, live: replicas });
      expect(object['spec']).toEqual({ replicas: 5 });
    }
  });

  it('writes every live value where the whole object is replaced', () => {
    const live = deployment({ replicas: 5, a: 1, b: 1 }, [owns('hpa', { 'f:replicas': {}, 'f:b': {} })]);
    const ignored = { wanted: replicas, live: [...replicas, ['spec', 'b']], isReplaced: true };
    expect(respectIgnored(deployment({ replicas: 3, a: 2 }), live, ignored)['spec']).toEqual({
      replicas: 5,
      a: 2,
      b: 1,
    });
  });

  it('keeps what Git no longer says and Belay owns', () => {
    const live = deployment({ replicas: 5, a: 1 }, [owns('belay', { 'f:replicas': {}, 'f:a': {} })]);
    const object = respectIgnored(deployment({ b: 1 }), live, { wanted: [], live: replicas });
    expect(object['spec']).toEqual({ b: 1, replicas: 5 });
  });

  it('does not add what is missing in the cluster', () => {
    const object = respectIgnored(deployment({ replicas: 3, a: 1 }), deployment({}), {
      wanted: replicas,
      live: [],
    });
    expect(object['spec']).toEqual({ a: 1 });
  });

  it('finds list items by their names', () => {
    const live = deployment({
      list: [
        { name: 'proxy', x: 9 },
        { name: 'web', x: 5 },
      ],
    });
    const wanted = deployment({ list: [{ name: 'web', x: 1, y: 2 }] });
    const ignored = {
      wanted: [['spec', 'list', 0, 'x']],
      live: [
        ['spec', 'list', 1, 'x'],
        ['spec', 'list', 0, 'x'],
      ],
    };
    expect(respectIgnored(wanted, live, ignored)['spec']).toEqual({ list: [{ name: 'web', x: 5, y: 2 }] });
  });
});
