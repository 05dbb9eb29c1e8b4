import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { localAddress } from './errors';

/** This machine, its link, and where clouds answer with the machine's own credentials. */
const local = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
] as const)
  local.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
] as const)
  local.addSubnet(net, prefix, 'ipv6');

/** Whether a host of a URL is an address of this machine or its link, or a name that always means this machine. */
export function isLocalHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(bare) === 0 ? /^(?:.+\.)?localhost$/i.test(bare) : isLocalAddress(bare);
}

/** Whether a host is this machine itself, where nothing travels over a network. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host);
}

function isLocalAddress(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (local.check(address, family)) return true;
  // IPv4 in the clothes of IPv6: mapped, translated (NAT64) and 6to4.
  const [, high = '', low = ''] =
    /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  const dotted = /^(?:::(?:ffff:)?|64:ff9b::)(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (dotted !== undefined) return isLocalAddress(dotted);
  if (high === '') return false;
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return isLocalAddress([left >> 8, left & 255, right >> 8, right & 255].join('.'));
}

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Looks a name up as Node does, and fails if any of its addresses is local: checked where the connection is made, so that a name
 * cannot answer differently the second time.
 */
export function lookupElsewhere(host: string, options: LookupOptions, answer: Answer): void {
  resolveName(host, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0];
    if (error !== null || first === undefined) return answer(error ?? new Error(`no address of ${host}`), []);
    if (addresses.some(({ address }) => isLocalAddress(address)))
      return answer(Object.assign(new Error('local address'), { code: localAddress }), []);
    if (options.all === true) answer(null, addresses);
    else answer(null, first.address, first.family);
  });
}
