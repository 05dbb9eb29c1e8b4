/** A repository URL that may be shown and stored: without a user name and password. `git@` of SSH stays. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(\w[\w+.-]*:\/\/)([^/@]*)@/, (whole, scheme: string, user: string) =>
    user === 'git' ? whole : scheme,
  );
}
