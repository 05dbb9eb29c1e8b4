import { connect, createServer, type Http2Session, type ServerHttp2Session } from 'node:http2';
import { openGate } from './gate';
import type { TemporalLine } from './lines';
import { passOn, type Hold } from './temporal-line-call';
import { readAnsweredFor, readTasksFor, unframe } from './temporal-line-messages';
import { TasksInHand } from './temporal-line-tasks';

/** As the local Temporal server does: a worker that is frozen does not keep its polls, which would swallow tasks. */
const keepAliveMs = 5_000;
/** Each task and each answer is followed by one question whether the worker still lives. */
const sessionOptions = { maxOutstandingPings: 1_000, maxSessionMemory: 256 };

/** Opens a worker's line to the Temporal server at `target` (`host:port`, without TLS). Each of its connections has one of its own there. */
export async function openTemporalLine(target: string): Promise<TemporalLine> {
  const tasks = new TasksInHand();
  const server = createServer(sessionOptions);
  server.on('sessionError', () => undefined);
  server.on('session', (near) => passSession(near, target, tasks));
  const gate = await openGate(server);
  return {
    address: `127.0.0.1:${gate.port}`,
    onActivity: (strike) => void (tasks.strike = strike),
    touched: () => tasks.touched(),
    cut: () => gate.cut(),
    mend: () => gate.mend(),
    close: () => gate.close(),
  };
}

function passSession(near: ServerHttp2Session, target: string, tasks: TasksInHand): void {
  const far = connect(`http://${target}`, sessionOptions);
  const stopAsking = keepAlive(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => undefined);
    one.once('close', () => other.destroy());
  }
  far.once('goaway', () => near.close());
  near.once('close', () => {
    stopAsking();
    tasks.lost(near);
  });
  near.on('stream', (stream, headers) => {
    const path = headers[':path'] ?? '';
    const holds = { holdRequest: holdAnswer(path, near, tasks), holdResponse: holdTasks(path, near, tasks) };
    passOn({ near: stream, headers, far, ...holds });
  });
}

/** Holds an answer to a task until the adversary has acted; what a worker says that was killed meanwhile is not passed on. */
function holdAnswer(path: string, near: ServerHttp2Session, tasks: TasksInHand): Hold | undefined {
  const read = readAnsweredFor(path);
  if (read === undefined) return undefined;
  return async (body) => {
    const key = readOr(undefined, body, read);
    if (key !== undefined) await tasks.after(key);
    return isAlive(near);
  };
}

/** Holds a task until the adversary has acted. */
function holdTasks(path: string, near: ServerHttp2Session, tasks: TasksInHand): Hold | undefined {
  const read = readTasksFor(path);
  if (read === undefined) return undefined;
  return async (body) => {
    const handed = readOr([], body, read);
    if (handed.length === 0) return true;
    await tasks.before(handed);
    if (!(await isAlive(near))) return false;
    tasks.handOut(handed, near);
    return true;
  };
}

/** What cannot be read is passed on all the same, and said. */
function readOr<T>(otherwise: T, body: Buffer, read: (message: Uint8Array) => T): T {
  try {
    const message = unframe(body);
    return message === undefined ? otherwise : read(message);
  } catch (error: unknown) {
    process.emitWarning(`the line to Temporal cannot read a message: ${String(error)}`);
    return otherwise;
  }
}

/** Whether the other side answers; resolves when it does, or when the session has ended. */
function isAlive(session: Http2Session): Promise<boolean> {
  return new Promise((resolve) => {
    if (session.destroyed || !session.ping((error) => resolve(error === null))) resolve(false);
  });
}

/** Ends the session when the other side does not answer in time. Answers how to stop asking. */
function keepAlive(session: Http2Session): () => void {
  let isWaiting = false;
  const timer = setInterval(() => {
    if (isWaiting) return session.destroy();
    isWaiting = true;
    void isAlive(session).then((alive) => (isWaiting = !alive));
  }, keepAliveMs).unref();
  return () => clearInterval(timer);
}
