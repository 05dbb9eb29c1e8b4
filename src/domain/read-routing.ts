import { Fields } from './fields';
import { isMap, kindOf } from './read-json';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readAlb } from './routing/read-alb';
import { gatewayPlugin, readGateway } from './routing/read-gateway';
import { readIstio } from './routing/read-istio';
import { readNginx, readSmi, readTraefik } from './routing/read-small';
import { readUnique } from './routing/read-unique';
import type { RouterSpec, TrafficRouting } from './routing/spec';
import { supports } from './routing/supports';

const another = `use Istio, nginx, ALB, SMI, Traefik, or the Gateway API (plugins.${gatewayPlugin})`;
const refusals: Refusals = {
  ambassador: ['the router ambassador is', another],
  apisix: ['the router apisix is', another],
  appMesh: ['the router appMesh is', another],
};

type Reader = (fields: Fields) => RouterSpec | undefined;
const readers: Readonly<Record<string, Reader>> = {
  istio: readIstio,
  nginx: readNginx,
  alb: readAlb,
  smi: readSmi,
  traefik: readTraefik,
};

/**
 * Reads `canary.trafficRouting`, which names exactly one router (Argo Rollouts, RolloutTrafficRouting). Undefined when it is absent
 * or wrong; what is wrong is reported.
 */
export function readTrafficRouting(canary: Fields): TrafficRouting | undefined {
  const routing = canary.map('trafficRouting');
  if (routing === undefined) return undefined;
  const before = canary.source.problems.length;
  refuse(routing, refusals);
  const router = readRouter(routing);
  const maxTrafficWeight = routing.int('maxTrafficWeight', { min: 1 });
  const managedRoutes = readUnique(routing, 'managedRoutes', 'name a header or mirror route');
  reportUnknown(routing);
  if (router !== undefined && maxTrafficWeight !== undefined && !supports(router).maxTrafficWeight) {
    const message = `the weights of ${router.kind} are of 100`;
    const remedy = 'remove it, and write weights from 0 to 100';
    routing.invalid('maxTrafficWeight', message, { value: maxTrafficWeight, remedy });
  }
  if (router === undefined || canary.source.problems.length > before) return undefined;
  return { router, maxTrafficWeight: maxTrafficWeight ?? 100, managedRoutes };
}

function readRouter(routing: Fields): RouterSpec | undefined {
  const plugins = readPlugins(routing);
  const known = [...Object.keys(readers), ...Object.keys(refusals)];
  const written = known.filter((key) => routing.raw(key) !== undefined);
  const named = [...written, ...plugins.map(([name]) => `plugins.${name}`)];
  if (named.length !== 1) {
    const message =
      named.length === 0 ? 'names no router' : `names ${named.length} routers: ${named.join(', ')}`;
    const remedy = named.length === 0 ? another : 'keep one of them';
    routing.report({ code: 'InvalidSpec', path: routing.path, message, remedy });
    return undefined;
  }
  const [plugin] = plugins;
  if (plugin !== undefined) return readPlugin(...plugin);
  const [key = ''] = written;
  const read = readers[key];
  const fields = read && routing.map(key);
  return fields && read(fields);
}

type Plugin = readonly [name: string, plugins: Fields];

function readPlugins(routing: Fields): readonly Plugin[] {
  const plugins = routing.map('plugins');
  if (plugins === undefined) return [];
  return Object.keys(plugins.values).flatMap((name) =>
    plugins.raw(name) === undefined ? [] : [[name, plugins]],
  );
}

function readPlugin(name: string, plugins: Fields): RouterSpec | undefined {
  const value = plugins.raw(name);
  const path = [...plugins.path, name];
  if (name !== gatewayPlugin) {
    const message = `the router plugin ${name} is not supported yet`;
    plugins.report({ code: 'Unsupported', path, message, remedy: another });
    return undefined;
  }
  if (!isMap(value)) {
    return plugins.invalid(name, `must be a map of fields, not ${kindOf(value)}`, {
      value,
      remedy: 'write its fields below it',
    });
  }
  return readGateway(new Fields(plugins.source, path, value));
}
