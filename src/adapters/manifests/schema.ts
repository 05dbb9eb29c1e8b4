import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml';

/** Tags of YAML 1.1 that the parsers of kubectl and Argo CD do not have: `12:30:45` and `2026-08-01` stay texts. */
const foreignTags = ['binary', 'omap', 'pairs', 'set', 'timestamp'].map(
  (name) => `tag:yaml.org,2002:${name}`,
);
/** `1:30` is a text, not 90. */
const foreignFormat = 'TIME';
const float = 'tag:yaml.org,2002:float';

/** The library takes `.` and `e5` for numbers; Go wants a digit in front of `e` and on one side of the point. */
const decimal: ScalarTag = {
  tag: float,
  default: true,
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
  resolve: (text) => {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : text;
  },
};

/** Numbers that JSON does not have; they are refused later, with their line. */
const noNumber: ScalarTag = {
  tag: float,
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
  resolve: (text) => (/n$/i.test(text) ? Number.NaN : Number.POSITIVE_INFINITY),
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
    const sexagesimal = 'format' in tag && tag.format === foreignFormat;
    return tag.tag !== float && !foreignTags.includes(tag.tag) && !sexagesimal;
  });
  return [...kept, decimal, noNumber, modernOctal];
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
