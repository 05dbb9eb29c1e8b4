import { check } from './health-builder';
import type { Json, Row } from './health-builder';

const waits = 'Progressing: it has no status of its newest spec yet';
const saying = (type: string, status: string, observedGeneration = 2): Json => ({
  type,
  status,
  observedGeneration,
  message: `${type} is ${status}`,
});
const accepted = saying('Accepted', 'True');

describe('the health of a Gateway', () => {
  const listener = (...conditions: readonly Json[]): Json => ({ name: 'https', conditions });
  const rows: readonly Row[] = [
    [
      'is Healthy when it is programmed',
      {},
      { conditions: [accepted, saying('Programmed', 'True')] },
      'Healthy',
    ],
    ['is Progressing before its first status', {}, undefined, waits],
    [
      'is Progressing while its status is of an older spec',
      {},
      { conditions: [saying('Accepted', 'False', 1)] },
      waits,
    ],
    [
      'is Degraded when it is not accepted',
      {},
      { conditions: [saying('Accepted', 'False')] },
      'Degraded: Accepted is False',
    ],
    [
      'is Degraded when its references are not resolved, whatever else',
      {},
      { conditions: [saying('Programmed', 'False'), saying('ResolvedRefs', 'False')] },
      'Degraded: ResolvedRefs is False',
    ],
    [
      'is Progressing until it is programmed',
      {},
      { conditions: [accepted, saying('Programmed', 'Unknown')] },
      'Progressing: Programmed is Unknown',
    ],
    [
      'is Degraded when a listener is',
      {},
      { conditions: [accepted], listeners: [listener(accepted), listener(saying('ResolvedRefs', 'False'))] },
      'Degraded: listener https: ResolvedRefs is False',
    ],
    [
      'counts conditions without a generation',
      {},
      { conditions: [{ type: 'Accepted', status: 'False' }] },
      'Degraded: Accepted is False',
    ],
  ];
  test.each(rows)('%s', (...row) => check('gateway.networking.k8s.io/v1/Gateway', row));
});

describe('the health of a GatewayClass', () => {
  const rows: readonly Row[] = [
    ['is Healthy when it is accepted', {}, { conditions: [accepted] }, 'Healthy: Accepted is True'],
    [
      'is Degraded when it is refused',
      {},
      { conditions: [saying('Accepted', 'False')] },
      'Degraded: Accepted is False',
    ],
    [
      'is Progressing while nobody knows',
      {},
      { conditions: [saying('Accepted', 'Unknown')] },
      'Progressing: Accepted is Unknown',
    ],
    ['is Progressing while its status is old', {}, { conditions: [saying('Accepted', 'True', 1)] }, waits],
    ['is Progressing before its first status', {}, {}, waits],
  ];
  test.each(rows)('%s', (...row) => check('gateway.networking.k8s.io/v1/GatewayClass', row));
});

describe.each(['HTTPRoute', 'GRPCRoute', 'TLSRoute'])('the health of a %s', (kind) => {
  const parent = (name: string, ...conditions: readonly Json[]): Json => ({
    parentRef: { name },
    conditions,
  });
  const rows: readonly Row[] = [
    ['is Healthy when its parents take it', {}, { parents: [parent('edge', accepted)] }, 'Healthy'],
    ['is Progressing before its first status', {}, undefined, waits],
    ['is Progressing with no parent', {}, { parents: [] }, waits],
    [
      'is Progressing while all it hears is old',
      {},
      { parents: [parent('edge', saying('Accepted', 'True', 1))] },
      waits,
    ],
    [
      'leaves out a parent that has not seen the newest spec',
      {},
      { parents: [parent('old', saying('Accepted', 'False', 1)), parent('edge', accepted)] },
      'Healthy',
    ],
    [
      'is Degraded when a parent does not accept it',
      {},
      { parents: [parent('edge', accepted), parent('inner', saying('Accepted', 'False'))] },
      'Degraded: parent inner: Accepted is False',
    ],
    [
      'is Degraded when a backend is not found',
      {},
      { parents: [parent('edge', accepted, saying('ResolvedRefs', 'False'))] },
      'Degraded: parent edge: ResolvedRefs is False',
    ],
    [
      'is Progressing until it is programmed',
      {},
      { parents: [parent('edge', accepted, saying('Programmed', 'False'))] },
      'Progressing: parent edge: Programmed is False',
    ],
  ];
  test.each(rows)('%s', (...row) => check(`gateway.networking.k8s.io/v1/${kind}`, row));
});
