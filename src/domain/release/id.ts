/** `release/<name>`. */
export function releasesId(name: string): string {
  return `release/${name}`;
}

/** `release/<name>/<n>`, counted from 1. */
export function releaseId(name: string, number: number): string {
  return `${releasesId(name)}/${number}`;
}

/** What people type for either: `shop`, `shop/3`; what has no prefix stays as it is. */
export function withoutPrefix(id: string): string {
  return id.replace(/^release\//, '');
}

/** The parts of either. */
export function readReleaseId(id: string): { readonly name: string; readonly number?: number } {
  const [name = '', number] = withoutPrefix(id).split('/');
  return number === undefined ? { name } : { name, number: Number(number) };
}
