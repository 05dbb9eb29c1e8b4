/** One request to a forge, below the base of its API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the forge answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A repository behind the API of a forge. */
export interface ApiPlace {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly host: string;
  /** `acme/shop`, without `.git`. */
  readonly path: string;
  readonly kind: string;
}
