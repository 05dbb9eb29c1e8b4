import type { DoctorFacts } from '../domain/doctor/facts';
import { judgeUnreachable } from '../domain/doctor/judge';
import type { DoctorReport } from '../domain/doctor/report';
import { ClientError, type ClientErrorCode } from './client-error';

/** Errors that are what is wrong, and not a wrong question. */
const diagnoses: readonly ClientErrorCode[] = ['Unreachable', 'NamespaceNotFound', 'Forbidden'];

/** The report that an error of Temporal itself is; rethrows any other. */
export function diagnosis(error: unknown, facts: Pick<DoctorFacts, 'now' | 'where'>): DoctorReport {
  if (error instanceof ClientError && diagnoses.includes(error.code)) return judgeUnreachable(error, facts);
  throw error;
}
