import { workflowInfo } from '@temporalio/workflow';

/** Servers suggest to continue as new at 4,096 events, unless they are told otherwise; a history stays below 4,000. */
const mostEvents = 3_500;

/** Whether it is time to continue as new. */
export function isHistoryLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > mostEvents;
}
