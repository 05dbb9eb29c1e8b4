/** What stands behind a tag such as `args.host`. */
export type Filling =
  | { readonly kind: 'text'; readonly text: string }
  /** Known when the metric is measured, and then only in its provider. */
  | { readonly kind: 'secret' }
  /** Known later: a check without a rollout meets these. */
  | { readonly kind: 'unknown' };

/** Undefined: nothing stands behind the tag. */
export type Lookup = (tag: string) => Filling | undefined;

/** What a substitution met; it collects over many texts. */
export interface Met {
  readonly missing: Set<string>;
  /** Tags of secrets that stay in the text. */
  readonly secrets: Set<string>;
  hasUnknown: boolean;
  hasUnclosed: boolean;
}

/** Nothing met yet. */
export function nothingMet(): Met {
  return { missing: new Set(), secrets: new Set(), hasUnknown: false, hasUnclosed: false };
}

/**
 * Fills in `{{tag}}` and `{{ tag }}` once: what is filled in is not looked at again. Tags of secrets stay, as `{{tag}}`; unknown and
 * missing ones stay as they are. Everything between double braces is a tag, as in Argo.
 */
export function fillText(text: string, lookup: Lookup, met: Met): string {
  let filled = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('{{', at);
    if (open < 0) return filled + text.slice(at);
    const close = text.indexOf('}}', open + 2);
    if (close < 0) {
      met.hasUnclosed = true;
      return filled + text.slice(at);
    }
    const written = text.slice(open, close + 2);
    filled += text.slice(at, open) + fillTag(written, lookup, met);
    at = close + 2;
  }
}

function fillTag(written: string, lookup: Lookup, met: Met): string {
  const tag = written.slice(2, -2).trim();
  const filling = lookup(tag);
  switch (filling?.kind) {
    case 'text':
      return filling.text;
    case 'secret':
      met.secrets.add(tag);
      return `{{${tag}}}`;
    case 'unknown':
      met.hasUnknown = true;
      return written;
    default:
      met.missing.add(tag);
      return written;
  }
}

/** Fills in every text of a JSON value, keys too: Argo substitutes in the JSON of the whole metric. */
function fillJson(value: unknown, lookup: Lookup, met: Met): unknown {
  if (typeof value === 'string') return fillText(value, lookup, met);
  if (Array.isArray(value)) return value.map((item) => fillJson(item, lookup, met));
  if (typeof value !== 'object' || value === null) return value;
  return fillMap(value, lookup, met);
}

/** As `fillJson`, for a map. */
export function fillMap(map: object, lookup: Lookup, met: Met): Readonly<Record<string, unknown>> {
  const entries = Object.entries(map).map(([key, item]) => [
    fillText(key, lookup, met),
    fillJson(item, lookup, met),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
