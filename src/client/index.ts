export type { CheckResult } from '../messages/check';
export { type Asked, type BelayClient, type Reason } from './belay-client';
export { type Created } from './applications';
export { ClientError, type ClientErrorCode } from './client-error';
export { connectBelay, type ConnectOptions } from './connect';
export { type Endpoint } from './endpoint';
export { type ListedApplication } from './list-applications';
export { type Answer } from './requests';
export { type WaitOptions } from './wait-for';
