import type { Payload } from '@temporalio/common';
import { isMap } from '../domain/read-json';

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Payloads of a request to a codec server, `{"payloads": [{"metadata": {"encoding": "<Base64>"}, "data": "<Base64>"}]}`; undefined: it is none. */
export function payloadsOf(body: Buffer): readonly Payload[] | undefined {
  const parsed = parse(body);
  const listed = isMap(parsed) ? (parsed['payloads'] ?? []) : undefined;
  if (!Array.isArray(listed)) return undefined;
  const payloads = listed.map(payloadOf);
  return payloads.includes(undefined) ? undefined : (payloads as readonly Payload[]);
}

/** The same form for an answer. */
export function jsonOf(payloads: readonly Payload[]): string {
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, textOf(value)] as const),
      ),
      data: textOf(data),
    })),
  });
}

function payloadOf(value: unknown): Payload | undefined {
  if (!isMap(value)) return undefined;
  const { metadata = {}, data = '' } = value;
  if (!isMap(metadata)) return undefined;
  const entries = Object.entries(metadata).map(([name, each]) => [name, bytesOf(each)] as const);
  const bytes = bytesOf(data);
  if (bytes === undefined || entries.some(([, each]) => each === undefined)) return undefined;
  return { metadata: Object.fromEntries(entries) as Record<string, Uint8Array>, data: bytes };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' && base64.test(value) ? Buffer.from(value, 'base64') : undefined;
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
