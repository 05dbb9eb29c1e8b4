import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  ServerHttp2Stream,
} from 'node:http2';
import { constants } from 'node:http2';
import type { Readable, Writable } from 'node:stream';

/** What is done with a whole body before it is passed on; resolves to false when it must not be. */
export type Hold = (body: Buffer) => Promise<boolean>;

/** One call on its way from a worker to the server. */
export interface Call {
  readonly near: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly far: ClientHttp2Session;
  readonly holdRequest: Hold | undefined;
  readonly holdResponse: Hold | undefined;
}

/**
 * Passes one HTTP/2 call on as it is, streaming, its trailers and its cancellation included. What is held is collected first, and the
 * server hears nothing of a call whose request is held.
 */
export function passOn({ near, headers, far, holdRequest, holdResponse }: Call): void {
  near.on('error', () => undefined);
  let begun: ClientHttp2Stream | undefined;
  near.once('close', () => begun?.close(near.rstCode || constants.NGHTTP2_CANCEL));
  const begin = (): ClientHttp2Stream | undefined => {
    if (near.closed || near.destroyed) return undefined;
    // It has told us to go elsewhere: a client does this call anew on another connection.
    if (far.closed || far.destroyed) return void near.close(constants.NGHTTP2_REFUSED_STREAM);
    begun = far.request(headers);
    passBack(begun, near, holdResponse);
    return begun;
  };
  if (holdRequest !== undefined) void hold(near, begin, holdRequest);
  else {
    const open = begin();
    if (open !== undefined) near.pipe(open);
  }
}

function passBack(far: ClientHttp2Stream, near: ServerHttp2Stream, holdResponse: Hold | undefined): void {
  let trailers: IncomingHttpHeaders | undefined;
  far.on('error', () => undefined);
  far.once('trailers', (given: IncomingHttpHeaders) => (trailers = given));
  far.once('response', (headers, flags) => {
    if (near.closed || near.destroyed) return;
    // An answer that is an error has no body: its head is its end.
    const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    near.respond(headers, isAll ? { endStream: true } : { waitForTrailers: true });
    near.once('wantTrailers', () => near.sendTrailers(trailers ?? {}));
    if (isAll) far.resume();
    else if (holdResponse === undefined) far.pipe(near);
    else void hold(far, () => near, holdResponse);
  });
  far.once('close', () => {
    if (far.rstCode !== constants.NGHTTP2_NO_ERROR && !near.closed) near.close(far.rstCode);
  });
}

/** Collects what comes, and passes it on when it may be. What breaks off is not passed on. */
async function hold(from: Readable, to: () => Writable | undefined, may: Hold): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of from) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks);
  if (!(await may(body))) return;
  const target = to();
  if (target?.writable === true) target.end(body);
}
