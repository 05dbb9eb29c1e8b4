import type { Payload, PayloadCodec } from '@temporalio/common';

/** A place where no secret may be: its name for people, and all that is to be read there. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** `<sentinel> in <place>` for each of them that can be read in one of the places, in whatever form. */
export function findSecrets(
  sentinels: Readonly<Record<string, string>>,
  places: readonly Place[],
): readonly string[] {
  const found: string[] = [];
  for (const [what, value] of Object.entries(sentinels)) {
    const forms = formsIn(value);
    for (const { name, text } of places)
      if (forms.some((form) => text.includes(form))) found.push(`${what} in ${name}`);
  }
  return found;
}

/** The value as it is, URL-encoded, as JSON writes it, and in Base64 wherever in a longer text it begins. */
export function formsIn(value: string): readonly string[] {
  const shifted = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    // The first characters hold bits of what stands before.
    return whole.slice(Math.ceil((before * 4) / 3));
  });
  const url = shifted.map((each) => each.replaceAll('+', '-').replaceAll('/', '_'));
  const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...shifted, ...url];
  return [...new Set(forms)];
}

/** Everything in an answer of Temporal: its own texts as they are, and what its payloads hold, decoded. */
export interface Unfolded {
  /** Payloads as Temporal keeps them, and all other texts. */
  readonly raw: string;
  readonly decoded: string;
  readonly payloads: number;
}

/** Takes an answer apart, payloads in failures, headers, memos and search attributes too. */
export async function unfold(answer: unknown, codec: PayloadCodec): Promise<Unfolded> {
  const payloads: Payload[] = [];
  const rest: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') rest.push(value);
    else if (value instanceof Uint8Array) rest.push(Buffer.from(value).toString('latin1'));
    else if (isPayload(value)) payloads.push(value);
    else if (typeof value === 'object' && value !== null)
      Object.entries(value).forEach(([key, each]) => {
        rest.push(key);
        walk(each);
      });
  };
  walk(answer);
  const clear = await codec.decode(payloads);
  const textOf = ({ data }: Payload): string => Buffer.from(data ?? []).toString('utf8');
  const others = rest.join('\n');
  return {
    raw: [others, ...payloads.map(textOf)].join('\n'),
    decoded: [others, ...clear.map(textOf)].join('\n'),
    payloads: payloads.length,
  };
}

function isPayload(value: unknown): value is Payload {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata } = value as { readonly metadata?: { readonly encoding?: unknown } | null };
  return metadata?.encoding instanceof Uint8Array;
}
