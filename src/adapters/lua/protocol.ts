/** What the sandbox thread is asked: a script, and the object that it finds as `obj`, as JSON. */
export interface Job {
  readonly script: string;
  readonly object: string;
}

/** What it tells. After an answer it says `ready` again, when it has made a new Lua. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'said'; readonly status: string; readonly message: string }
  | { readonly kind: 'failed'; readonly reason: string };
