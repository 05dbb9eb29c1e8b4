/** Who Belay is in commits. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  /** Private SSH key that signs commits; absent: unsigned. */
  readonly signingKeyFile?: string;
}

/** The settings of git that make it so. */
export function identityConfig({ name, email, signingKeyFile }: Identity): Record<string, string> {
  return {
    'user.name': name,
    'user.email': email,
    ...(signingKeyFile === undefined ? {} : { 'gpg.format': 'ssh', 'user.signingKey': signingKeyFile }),
  };
}
