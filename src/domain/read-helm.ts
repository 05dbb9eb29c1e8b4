import type { HelmOptions } from './application-spec';
import type { Fields } from './fields';
import { refuseBuildVariables } from './read-build-environment';
import { isMap, kindOf } from './read-json';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readRenderTarget } from './read-render-target';
import { asked, readFlag, readText, readTextItems, written } from './read-texts';
import { checkValueFile, type ValuePlaces } from './read-value-files';
import { requireField } from './read-with';

const refusals: Refusals = {
  passCredentials: [
    'passing the credentials of a chart repository to other hosts is',
    'remove it, and give the worker credentials for each host',
  ],
};
/** Helm's own rule for names of releases, of which at most 53 characters are left for it. */
const release = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Reads `source.helm`; undefined when it asks for nothing. Whether `values` is YAML is found out where it is rendered. */
export function readHelm(source: Fields, places: ValuePlaces): HelmOptions | undefined {
  const helm = source.map('helm');
  if (helm === undefined) return undefined;
  refuse(helm, refusals);
  checkVersion(helm);
  const options = written<HelmOptions>({
    releaseName: readReleaseName(helm),
    valueFiles: readValueFiles(helm, places),
    ignoreMissingValueFiles: readFlag(helm, 'ignoreMissingValueFiles'),
    values: readValues(helm),
    parameters: readParameters(helm),
    fileParameters: readFileParameters(helm, places),
    skipCrds: readFlag(helm, 'skipCrds'),
    skipTests: readFlag(helm, 'skipTests'),
    skipSchemaValidation: readFlag(helm, 'skipSchemaValidation'),
    ...readRenderTarget(helm),
  });
  reportUnknown(helm);
  return options;
}

function checkVersion(helm: Fields): void {
  const version = readText(helm, 'version');
  if (version === undefined || version === 'v3' || version === '3') return;
  const path = [...helm.path, 'version'];
  const rest = { path, value: version, remedy: 'write v3, or remove it' };
  if (/^v?2\b/.test(version)) {
    helm.report({ code: 'Unsupported', message: 'Helm 2 is not supported', ...rest });
  } else {
    helm.report({ code: 'InvalidSpec', message: `"${version}" is no version of Helm`, ...rest });
  }
}

function readReleaseName(helm: Fields): string | undefined {
  const name = readText(helm, 'releaseName');
  if (name === undefined || (name.length <= 53 && release.test(name))) return name;
  const remedy = 'use at most 53 lower-case letters, digits, dashes and dots';
  return helm.invalid('releaseName', `"${name}" is no name of a release`, { value: name, remedy });
}

function readValueFiles(helm: Fields, places: ValuePlaces): readonly string[] | undefined {
  const items = readTextItems(helm, 'valueFiles');
  for (const item of items) checkValueFile(helm, item, places);
  return asked(items.map(({ text }) => text));
}

/** `valuesObject` wins over `values`, whatever is in it; as JSON it is YAML too, without characters that YAML does not take raw. */
function readValues(helm: Fields): string | undefined {
  // Values may hold a password: what stands in the wrong place is not repeated.
  const [text, values] = [helm.raw('values'), helm.raw('valuesObject')];
  if (text !== undefined && typeof text !== 'string') {
    const remedy = 'write a text, or valuesObject for a map';
    helm.invalid('values', `must be a text, not ${kindOf(text)}`, { remedy });
  }
  if (values !== undefined && !isMap(values)) {
    const remedy = 'write its fields below it, or values for a text';
    helm.invalid('valuesObject', `must be a map of fields, not ${kindOf(values)}`, { remedy });
  }
  if (!isMap(values)) return typeof text === 'string' && text !== '' ? text : undefined;
  if (Object.keys(values).length === 0) return undefined;
  return JSON.stringify(values).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function readParameters(helm: Fields): HelmOptions['parameters'] {
  const remedy = 'write the path of a value, such as image.tag';
  const parameters = helm.maps('parameters').map((each) => {
    requireField(each, 'name', remedy);
    const [name, value] = [each.string('name') ?? '', each.string('value') ?? ''];
    refuseBuildVariables(each, { text: value, path: [...each.path, 'value'] });
    const forceString = readFlag(each, 'forceString');
    reportUnknown(each);
    return { name, value, ...(forceString && { forceString }) };
  });
  return asked(parameters);
}

function readFileParameters(helm: Fields, places: ValuePlaces): HelmOptions['fileParameters'] {
  const parameters = helm.maps('fileParameters').map((each) => {
    requireField(each, 'name', 'write the path of a value, such as config');
    requireField(each, 'path', 'write the path of a file');
    const [name, path] = [each.string('name') ?? '', each.string('path') ?? ''];
    if (path !== '') checkValueFile(helm, { text: path, path: [...each.path, 'path'] }, places);
    reportUnknown(each);
    return { name, path };
  });
  return asked(parameters);
}
