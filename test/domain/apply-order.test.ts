import { sortForApply } from '../../src/domain/apply-order';
import type { KubeObject } from '../../src/domain/kube-object';

const VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Gadget: 'example.com/v1',
};

/** `Kind name`, `Kind namespace/name`, then `@wave` if it has one. */
function read(text: string): KubeObject {
  const [kind = '', path = '', wave] = text.split(/[ @]/);
  const [name = '', namespace] = path.split('/').reverse();
  const annotations = wave === undefined ? {} : { annotations: { 'argocd.argoproj.io/sync-wave': wave } };
  const spec =
    kind === 'CustomResourceDefinition' ? { spec: { group: 'example.com', names: { kind: 'Gadget' } } } : {};
  return {
    apiVersion: VERSIONS[kind] ?? 'v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...annotations },
    ...spec,
  };
}

function inOrder(texts: string): string {
  const list = texts.split(', ');
  const objects = list.map(read);
  return sortForApply(objects)
    .map((object) => list[objects.indexOf(object)])
    .join(', ');
}

describe('sortForApply', () => {
  test.each([
    [
      'kinds before the ones that need them',
      'Pod a, Service a, PersistentVolume a, ConfigMap a',
      'ConfigMap a, PersistentVolume a, Service a, Pod a',
    ],
    ['unknown kinds last', 'Gadget a, APIService a, Deployment a', 'Deployment a, APIService a, Gadget a'],
    ['names within a kind', 'ConfigMap b, ConfigMap B, ConfigMap a', 'ConfigMap B, ConfigMap a, ConfigMap b'],
    ['the same names by namespace', 'ConfigMap y/a, ConfigMap x/a', 'ConfigMap x/a, ConfigMap y/a'],
    [
      'waves before kinds',
      'ConfigMap a@1, Deployment b@-1, Service c',
      'Deployment b@-1, Service c, ConfigMap a@1',
    ],
    [
      'a wave that is no number as 0',
      'ConfigMap a@x, Secret b@-1, ConfigMap c',
      'Secret b@-1, ConfigMap a@x, ConfigMap c',
    ],
    [
      'a namespace first',
      'Deployment shop/a, ConfigMap shop/a, Namespace shop',
      'Namespace shop, ConfigMap shop/a, Deployment shop/a',
    ],
    [
      'a namespace before what needs it in an earlier wave',
      'Namespace shop, Job shop/a@-1',
      'Namespace shop, Job shop/a@-1',
    ],
    [
      'two namespaces, each before its own first object',
      'Namespace two, Namespace one, Job two/b@-1, Job one/a@-1',
      'Namespace one, Job one/a@-1, Namespace two, Job two/b@-1',
    ],
    [
      'a namespace nobody needs in its own wave',
      'Namespace shop@1, ConfigMap other/a',
      'ConfigMap other/a, Namespace shop@1',
    ],
    [
      'a definition before its first object, whatever the wave',
      'CustomResourceDefinition gadgets, Gadget shop/a@-2, Job b@-1',
      'CustomResourceDefinition gadgets, Gadget shop/a@-2, Job b@-1',
    ],
    [
      'a definition after what its objects do not need',
      'Gadget shop/a, CustomResourceDefinition gadgets@3, Job b@-1',
      'Job b@-1, CustomResourceDefinition gadgets@3, Gadget shop/a',
    ],
    [
      'a definition before a namespaced object that a namespace goes with',
      'Gadget shop/a@-1, CustomResourceDefinition gadgets, Namespace shop',
      'Namespace shop, CustomResourceDefinition gadgets, Gadget shop/a@-1',
    ],
  ])('puts %s', (_name, given, expected) => {
    expect(inOrder(given)).toBe(expected);
  });

  test('knows all kinds of Argo CD in its order', () => {
    const kinds =
      'Namespace, NetworkPolicy, ResourceQuota, LimitRange, PodSecurityPolicy, PodDisruptionBudget, ServiceAccount, Secret, SecretList, ConfigMap, ' +
      'StorageClass, PersistentVolume, PersistentVolumeClaim, CustomResourceDefinition, ClusterRole, ClusterRoleList, ClusterRoleBinding, ' +
      'ClusterRoleBindingList, Role, RoleList, RoleBinding, RoleBindingList, Service, DaemonSet, Pod, ReplicationController, ReplicaSet, Deployment, ' +
      'HorizontalPodAutoscaler, StatefulSet, Job, CronJob, IngressClass, Ingress, APIService, Anything';
    const shuffled = kinds.split(', ').sort().join(', ');
    expect(inOrder(shuffled)).toBe(kinds);
  });

  test("takes Helm's weight for a wave where there is no other", () => {
    const weighed = {
      ...read('Deployment a'),
      metadata: { name: 'a', annotations: { 'helm.sh/hook-weight': '-5' } },
    };
    expect(sortForApply([read('ConfigMap b'), weighed]).map(({ kind }) => kind)).toEqual([
      'Deployment',
      'ConfigMap',
    ]);
  });

  test('leaves its input as it was', () => {
    const given = [read('Pod a'), read('ConfigMap a')];
    sortForApply(given);
    expect(given.map(({ kind }) => kind)).toEqual(['Pod', 'ConfigMap']);
  });
});
