import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { ApplicationStatus } from '../domain/application-status';
import { applicationDetails } from '../domain/application-view';
import { BelayApp, BelayPhase, BelayReason, BelayRevision } from '../messages/search-attributes';

/** Shows a status in Temporal's UI: current details always, search attributes only where they changed (each costs an event). */
export function createShow(): (status: ApplicationStatus) => void {
  let shown: { readonly phase: string; readonly reason: string; readonly revision: string } | undefined;
  return (status) => {
    const { spec, state, health } = status;
    setCurrentDetails(applicationDetails(status));
    const reason = state.hold?.code ?? state.problems[0]?.code ?? '';
    const next = { phase: health, reason, revision: (state.synced ?? '').slice(0, 12) };
    const changed = [
      ...(shown === undefined ? [{ key: BelayApp, value: spec.name }] : []),
      ...(next.phase === shown?.phase ? [] : [{ key: BelayPhase, value: next.phase }]),
      ...(next.reason === (shown?.reason ?? '')
        ? []
        : [{ key: BelayReason, value: reason === '' ? null : reason }]),
      ...(next.revision === (shown?.revision ?? '') ? [] : [{ key: BelayRevision, value: next.revision }]),
    ];
    shown = next;
    if (changed.length > 0) upsertSearchAttributes(changed);
  };
}
