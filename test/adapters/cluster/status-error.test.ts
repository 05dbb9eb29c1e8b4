import { statusError } from '../../../src/adapters/cluster/status-error';

test.each([
  [
    'failed to create typed patch object (shop/pin; /v1, Kind=Secret): .stringData.pin: expected string, got &value.valueUnstructured{Value:90417283}',
    'cannot apply Secret shop/pin: failed to create typed patch object (shop/pin; /v1, Kind=Secret): .stringData.pin: expected string, got something else',
  ],
  [
    'errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"b":90417283}}\n  .data.c: expected string, got &{90417283}',
    'cannot apply Secret shop/pin: errors:\n  .data.a: expected string, got something else\n  .data.c: expected string, got something else',
  ],
  [
    'json: cannot unmarshal number 90417283 into Go struct field Secret.stringData of type string',
    'cannot apply Secret shop/pin: json: cannot unmarshal number into Go struct field Secret.stringData of type string',
  ],
  [
    'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    'cannot apply Secret shop/pin: Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
])('of %j it tells %j', (message, told) => {
  expect(statusError(422, JSON.stringify({ message }), 'apply Secret shop/pin', undefined).message).toBe(
    told,
  );
});
