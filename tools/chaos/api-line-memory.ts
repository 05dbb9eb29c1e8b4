import type { FarEnd, Question } from './api-line-far';
import type { OwnAnswer } from './api-line-status';

/** More than a worker reads of a story's objects; what was asked least lately is forgotten. */
const mostQuestions = 500;
const mostBytes = 64 * 1024 * 1024;
const atOnce = 8;

/** What a worker has read, so that it can be answered later as it was at one moment. */
export class Readings {
  private readonly asked = new Map<string, Question>();

  /** A list or a read of these days. */
  remember(question: Question): void {
    const key = keyOf(question);
    this.asked.delete(key);
    this.asked.set(key, question);
    const [oldest] = this.asked.keys();
    if (this.asked.size > mostQuestions && oldest !== undefined) this.asked.delete(oldest);
  }

  /**
   * Asks all of it again now, and answers how each is answered from now on; undefined for what was not asked before. The newest come
   * first, until 64 MiB are full. What the server cannot answer is left out.
   */
  async freeze(far: FarEnd): Promise<(question: Question) => OwnAnswer | undefined> {
    const frozen = new Map<string, OwnAnswer>();
    const waiting = [...this.asked.values()].reverse();
    let bytes = 0;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && bytes < mostBytes; next = waiting.shift()) {
        const answer = await far.collect(next).catch(() => undefined);
        if (answer === undefined || answer.code >= 500) continue;
        bytes += answer.body.length;
        frozen.set(keyOf(next), answer);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return (question) => frozen.get(keyOf(question));
  }
}

/** The same path answers differently to another user, and in another format. */
function keyOf({ url, headers }: Question): string {
  return JSON.stringify([url, headers['impersonate-user'], headers.accept]);
}
