import { defineSearchAttributeKey } from '@temporalio/common';

/** At most one Int and four Keywords: a SQL visibility store has no more room (DESIGN 3). Values are never encoded: no secrets. */
export const BelayApp = defineSearchAttributeKey('BelayApp', 'KEYWORD');
/** Rollout: Progressing, Paused, Healthy, Degraded. Application: its health. */
export const BelayPhase = defineSearchAttributeKey('BelayPhase', 'KEYWORD');
/** A code from a closed list: why it failed, or why it is held. */
export const BelayReason = defineSearchAttributeKey('BelayReason', 'KEYWORD');
/** The revision, 12 digits. */
export const BelayRevision = defineSearchAttributeKey('BelayRevision', 'KEYWORD');
/** Percent of the new version. */
export const BelayWeight = defineSearchAttributeKey('BelayWeight', 'INT');

export const searchAttributes = [BelayApp, BelayPhase, BelayReason, BelayRevision, BelayWeight] as const;
