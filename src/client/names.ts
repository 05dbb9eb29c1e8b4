import { defineSearchAttributeKey } from '@temporalio/common';

/** Task queue of all workflows. */
export const workflowTaskQueue = 'belay';

/** Search attribute that every application and rollout carries: the application's name. */
export const belayApp = defineSearchAttributeKey('BelayApp', 'KEYWORD');
