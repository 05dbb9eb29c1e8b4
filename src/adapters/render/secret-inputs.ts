import { readFileSync } from 'node:fs';
import { withoutSecrets } from '../../domain/redact';

const secretName = String.raw`[\w.-]*(?:pass(?:wor[dt]|wd|phrase)?|secret|token|credential|api[_-]?key|private[_-]?key)[\w.-]*`;
const pair = new RegExp(
  String.raw`\b${secretName}["']?\s*[:=]\s*["']?([^\s"',{}\[\]#|>&*!][^\s"',{}\[\]]{5,})`,
  'gi',
);

/**
 * What a program says, without the values that its inputs give to names such as `dbPassword` or `auth.token`: a template may quote a
 * value in the error that it ends with. Values of less than six characters, and those of other names, cannot be told from words.
 */
export function withoutSecretInputs(
  said: string,
  inputs: { readonly files: readonly string[]; readonly texts: readonly string[] },
): string {
  const texts = [...inputs.files.map(textOf), ...inputs.texts];
  return withoutSecrets(
    said,
    texts.flatMap((text) => [...text.matchAll(pair)].map(([, value = '']) => value)),
  );
}

/** What Kustomize says, without values: of a generator with one bad literal it repeats them all, and they may span lines. */
export function withoutLiterals(said: string): string {
  return said.replace(/(literal sources? )[\s\S]*?(, expected key=value)?\s*$/, '$1***$2');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
