/** Who Belay is in commits. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  /** Absent: commits are not signed. */
  readonly signing?: Signing;
}

/** The key that signs commits: where it lies, never the key. It is read at each use. */
export interface Signing {
  readonly format: 'ssh' | 'openpgp';
  /** A private key: of OpenSSH, or one exported by `gpg --export-secret-keys`. */
  readonly keyFile?: string;
  readonly keyVariable?: string;
  /** Absent: the key has none. */
  readonly passphraseFile?: string;
  readonly passphraseVariable?: string;
}

/** The settings of git that make it so. */
export function identityConfig({ name, email }: Identity): Record<string, string> {
  return { 'user.name': name, 'user.email': email };
}
