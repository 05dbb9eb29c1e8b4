import type { StringMatch } from './matches';
import type { RouterSpec } from './spec';

/** How a string match may be written: `exact`, `prefix` or `regex`. */
export type MatchKind = StringMatch extends infer M ? (M extends unknown ? keyof M : never) : never;

export interface Support {
  /** `setHeaderRoute` has an effect. */
  readonly headerRoutes: boolean;
  readonly headerKinds: readonly MatchKind[];
  /** `setMirrorRoute` has an effect. */
  readonly mirrorRoutes: boolean;
  /** Templates of an experiment may have a weight of their own: none may. */
  readonly experimentWeights: boolean;
  /** Weights may be of another sum than 100. */
  readonly maxTrafficWeight: boolean;
}

const none: Support = {
  headerRoutes: false,
  headerKinds: [],
  mirrorRoutes: false,
  experimentWeights: false,
  maxTrafficWeight: false,
};

/** What a router can do beyond weights: for steps that would otherwise be passed over in silence. */
export function supports(spec: RouterSpec): Support {
  switch (spec.kind) {
    case 'gatewayApi': {
      // The plugin writes header routes only where `useHeaderRoutes` asks for them.
      const headerRoutes = spec.routes.some(({ useHeaderRoutes }) => useHeaderRoutes !== false);
      return {
        ...none,
        headerRoutes,
        headerKinds: headerRoutes ? ['exact', 'regex'] : [],
        mirrorRoutes: true,
      };
    }
    case 'istio':
      return { ...none, headerRoutes: true, headerKinds: ['exact', 'prefix', 'regex'], mirrorRoutes: true };
    case 'alb':
      return { ...none, headerRoutes: true, headerKinds: ['exact'] };
    case 'nginx':
      return { ...none, maxTrafficWeight: true };
    case 'smi':
    case 'traefik':
      return none;
  }
}
