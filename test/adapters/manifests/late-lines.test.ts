import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { setImmediate as turn } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { lateLines, type LineOf } from '../../../src/adapters/manifests/late-lines';
import { parseDocuments } from '../../../src/adapters/manifests/parse-documents';

const text = 'a: 1\n---\n# nothing\n---\nb:\n  - c: 2\n  - c: 3\n';

/** Frees what nobody holds. */
async function free(): Promise<void> {
  setFlagsFromString('--expose-gc');
  await turn(); // a reference that was looked at lives until the end of the turn
  (runInNewContext('gc') as () => void)();
}

test('lines are found when the tree of the document has been freed', async () => {
  // Apart, so that nothing here holds what finds the lines at first.
  const late = ((): LineOf => {
    const held = parseAllDocuments(text);
    return lateLines(() => held.length, text, 2);
  })();
  const line = () => late(['b', 1, 'c']);
  expect(line()).toBe(3);
  for (let tries = 0; tries < 50 && line() === 3; tries += 1) await free();
  expect(line()).toBe(7);
});

test('they are the same as before', async () => {
  const paths = [[], ['a'], ['b'], ['b', 1], ['b', 1, 'c'], ['b', 7]];
  const { documents } = parseDocuments(text, 'a.yaml');
  const lines = () => documents.map(({ lineOf }) => paths.map((path) => lineOf(path)));
  const before = lines();
  await free();
  expect(lines()).toEqual(before);
  expect(before).toEqual([
    [1, 1, 1, 1, 1, 1],
    [5, 5, 5, 7, 7, 5],
  ]);
});
