import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml';

/** Tags of YAML 1.1 that the parsers of kubectl and Argo CD do not have: `12:30:45` and `2026-08-01` stay texts. */
const foreign = ['binary', 'omap', 'pairs', 'set', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`);

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
    const sexagesimal = 'format' in tag && tag.format === 'TIME';
    return !foreign.includes(tag.tag) && !sexagesimal;
  });
  return [...kept, modernOctal];
}

/**
 * YAML as Kubernetes tools read it, which is 1.1 in what matters: `defaultMode: 0644` is 420, `on` and `yes` are true,
 * `<<` merges. YAML 1.2 would give other objects than `kubectl apply` for the same file.
 */
export const kubernetesYaml: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'yaml-1.1',
  merge: true,
  resolveKnownTags: false,
  customTags: asKubernetes,
  stringKeys: true,
  uniqueKeys: true,
  strict: true,
  prettyErrors: false,
  logLevel: 'silent',
};
