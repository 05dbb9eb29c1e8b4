import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Member } from '../../src/domain/release/spec';
import { releaseId } from '../../src/messages/release';
import type { Script } from './release-bundle';
import { memberOf, type ReleaseLab } from './release-lab';

/** One test's release: db, api and web, which depends on api, which depends on db; under names that no other test uses. */
export class ReleaseScene {
  readonly name: string;

  constructor(private readonly lab: ReleaseLab) {
    this.name = lab.newName();
  }

  /** The application of this test for `web`. */
  readonly app = (short: string): string => `${this.name}-${short}`;

  /** Three waves. */
  chain(): readonly Member[] {
    const { app } = this;
    return [memberOf(app('web'), app('api')), memberOf(app('api'), app('db')), memberOf(app('db'))];
  }

  /** Applications that answer by script: db, api and web unless others are given; the others answer well. */
  async answering(...scripts: readonly Script[]): Promise<void> {
    const given = scripts.map(({ application }) => application);
    const others = ['db', 'api', 'web'].map(this.app).filter((each) => !given.includes(each));
    await this.lab.members([...scripts, ...others.map((application) => ({ application }))]);
  }

  /** The story of the release, with short names. */
  async story(): Promise<readonly string[]> {
    const lines = await this.lab.story(releaseId(this.name, 1));
    return lines.map((line) => line.replace(`${this.name}-`, ''));
  }
}

/** Why an update was refused. */
export async function whyNot(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(
    () => undefined,
    (each: unknown) => each,
  );
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure))
    throw new Error('it was not refused', { cause: error });
  return error.cause.message;
}
