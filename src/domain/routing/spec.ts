/** `canary.trafficRouting` of a Rollout. */
export interface TrafficRouting {
  readonly router: RouterSpec;
  /** Weights are of so many; 100 unless the router counts otherwise (nginx). */
  readonly maxTrafficWeight: number;
  /** Names of header and mirror routes, in the order of their priority; they stand before all weighted routes. */
  readonly managedRoutes: readonly string[];
}

export type RouterSpec = GatewaySpec | NginxSpec | IstioSpec | SmiSpec | TraefikSpec | AlbSpec;
export type RouterKind = RouterSpec['kind'];

/** `plugins.argoproj-labs/gatewayAPI`. */
export interface GatewaySpec {
  readonly kind: 'gatewayApi';
  readonly routes: readonly {
    readonly kind: 'HTTPRoute' | 'GRPCRoute';
    readonly name: string;
    readonly namespace?: string;
    /** False: header routes are not written here. The plugin's default is false in lists, true for a single route. */
    readonly useHeaderRoutes?: boolean;
  }[];
}

export interface NginxSpec {
  readonly kind: 'nginx';
  readonly stableIngresses: readonly string[];
  /** Default `nginx.ingress.kubernetes.io`. */
  readonly annotationPrefix: string;
  readonly additionalAnnotations: Readonly<Record<string, string>>;
  readonly canaryAnnotations: Readonly<Record<string, string>>;
}

export interface IstioSpec {
  readonly kind: 'istio';
  readonly virtualServices: readonly {
    readonly name: string;
    readonly namespace?: string;
    /** Names of http routes; empty: the only one. */
    readonly routes: readonly string[];
    readonly tlsRoutes: readonly { readonly port?: number; readonly sniHosts: readonly string[] }[];
    readonly tcpRoutes: readonly { readonly port?: number }[];
  }[];
  /** Given: subsets of one host carry the versions; else two Services do. */
  readonly destinationRule?: {
    readonly name: string;
    readonly namespace?: string;
    readonly canarySubsetName: string;
    readonly stableSubsetName: string;
  };
}

export interface SmiSpec {
  readonly kind: 'smi';
  /** Default: the stable Service. */
  readonly rootService?: string;
  /** Default: the Rollout's name. */
  readonly trafficSplitName?: string;
}

export interface TraefikSpec {
  readonly kind: 'traefik';
  readonly weightedTraefikServiceName: string;
}

export interface AlbSpec {
  readonly kind: 'alb';
  readonly ingresses: readonly string[];
  readonly servicePort: number;
  /** Default: the stable Service. */
  readonly rootService?: string;
  /** Default `alb.ingress.kubernetes.io`. */
  readonly annotationPrefix: string;
  readonly stickinessConfig?: { readonly enabled: boolean; readonly durationSeconds: number };
}
