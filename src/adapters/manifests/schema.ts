import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml';

/** Tags of YAML 1.1 that the parsers of kubectl and Argo CD do not have: `12:30:45` and `2026-08-01` stay texts. */
const foreignTags = ['binary', 'omap', 'pairs', 'set', 'timestamp'].map(
  (name) => `tag:yaml.org,2002:${name}`,
);
/** Formats that are read otherwise here: the library takes `e5` for a number, and `1:30` for 90. */
const foreignFormats: readonly (string | undefined)[] = ['EXP', 'TIME'];

const exponent: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)[eE][-+]?[0-9]+$/,
  resolve: (text) => {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : text;
  },
};

/** `0o644` as YAML 1.2 writes it; YAML 1.1 has only `0644`. Go's parser takes both. */
const modernOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.slice(2), 8),
};

function asKubernetes(tags: Tags): Tags {
  const kept = tags.filter((tag) => {
    if (typeof tag === 'string') return true;
    const format = 'format' in tag ? tag.format : undefined;
    return !foreignTags.includes(tag.tag) && (format === undefined || !foreignFormats.includes(format));
  });
  return [...kept, exponent, modernOctal];
}

/**
 * YAML as Kubernetes tools read it, which is 1.1 in what matters: `defaultMode: 0644` is 420, `on` and `yes` are true,
 * `<<` merges. YAML 1.2 would give other objects than `kubectl apply` for the same file. Keys alone are always texts, as
 * written (kubectl would make "true" of a key `on`).
 */
export const kubernetesYaml: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'yaml-1.1',
  merge: true,
  resolveKnownTags: false,
  customTags: asKubernetes,
  stringKeys: true,
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  logLevel: 'silent',
};
