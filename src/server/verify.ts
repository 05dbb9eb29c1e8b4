import { createHmac, timingSafeEqual } from 'node:crypto';
import { headerOf, type Headers, type Provider } from '../domain/webhooks/push';
import { isSame } from './is-same';
import type { OpenSecret } from './secrets';

/** A request whose sender is not known yet. */
interface Delivery {
  readonly provider: Provider;
  readonly headers: Headers;
  /** As it came over the wire. */
  readonly body: Buffer;
  /** The JSON text in it: the same, but for a form. */
  readonly json: Buffer;
}

/** The secrets that the sender has shown to know. Nothing tells by its time how nearly right a wrong one was. */
export function provenBy(delivery: Delivery, secrets: readonly OpenSecret[]): readonly OpenSecret[] {
  return secrets.filter((secret) => secret.provider === delivery.provider && isProven(delivery, secret));
}

function isProven(delivery: Delivery, { proof, value }: OpenSecret): boolean {
  if (proof.kind === 'unsigned') return true;
  if (value === undefined || value.length === 0) return false;
  const shown = (name: string): string | undefined => headerOf(delivery.headers, name);
  if (proof.kind === 'uuid') return isSame(bare(shown('x-hook-uuid')), bare(value.toString()));
  switch (delivery.provider) {
    case 'github':
      return isSigned(shown('x-hub-signature-256'), delivery.body, value);
    case 'bitbucket':
    case 'bitbucket-server':
      return isSigned(shown('x-hub-signature'), delivery.body, value);
    case 'gitea': {
      const signature =
        shown('x-forgejo-signature') ?? shown('x-gitea-signature') ?? shown('x-gogs-signature');
      // In a form, too, it is the JSON text that they sign.
      return isSigned(signature === undefined ? undefined : `sha256=${signature}`, delivery.json, value);
    }
    case 'gitlab':
      return isSame(shown('x-gitlab-token'), value.toString());
    case 'azure-devops':
      return isBasic(shown('authorization'), value, proof.username);
    case 'harbor':
      return isSame(shown('authorization'), value.toString());
  }
}

/** `sha256=<hex>` of an HMAC. SHA-1, which some forges send as well, is not taken. */
function isSigned(signature: string | undefined, text: Buffer, secret: Buffer): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? '')?.[1];
  if (hex === undefined) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), createHmac('sha256', secret).update(text).digest());
}

function isBasic(header: string | undefined, password: Buffer, username: string | undefined): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1] ?? '';
  const [, user = '', shown] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const isRight = isSame(shown, password.toString());
  return (username === undefined || isSame(user, username)) && isRight;
}

function bare(uuid: string): string;
function bare(uuid: string | undefined): string | undefined;
function bare(uuid: string | undefined): string | undefined {
  return uuid?.replace(/^\{|\}$/g, '').toLowerCase();
}
