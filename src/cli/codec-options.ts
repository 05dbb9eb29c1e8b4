/** What `belay codec serve` is told. */
export interface CodecServerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Address to listen at; another than one of this machine needs `tokenFile`. */
  readonly host: string;
  /** Origins of web pages that may ask, such as `http://localhost:8233`; undefined: none. */
  readonly origin?: readonly string[];
  /** File with the bearer token that everybody has to show; undefined: whoever reaches this machine's own address. */
  readonly tokenFile?: string;
  /** File of the keys; undefined: what BELAY_PAYLOAD_KEYS_FILE names. */
  readonly payloadKeys?: string;
}
