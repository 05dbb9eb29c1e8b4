/** What `belay receiver` is told. */
export interface ReceiverOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Address to listen at; default: all of this machine. */
  readonly host?: string;
  /** JSON file that names the secrets of webhooks: variables and files, never the secrets. */
  readonly webhookSecrets: string;
  /** File of the keys that payloads are encrypted with; undefined: what BELAY_PAYLOAD_KEYS_FILE names, else plain payloads. */
  readonly payloadKeys?: string;
  /** Believe the last address in X-Forwarded-For: there is a proxy in front that writes it. */
  readonly trustProxy?: boolean;
}
