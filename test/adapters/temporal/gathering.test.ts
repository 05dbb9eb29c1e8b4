import { gathering } from '../../../src/adapters/temporal/gathering';

/** Sendings that end when they are told to. */
function postman() {
  const sent: { readonly to: string; readonly items: readonly string[]; end(error?: Error): void }[] = [];
  const give = gathering<string>(
    (to, items) =>
      new Promise((resolve, reject) => {
        sent.push({ to, items, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  );
  const all = () => sent.map(({ to, items }) => `${to}: ${items.join('+')}`);
  return { give, sent, all };
}

test('sends one thing at once, and what comes meanwhile together', async () => {
  const { give, sent, all } = postman();
  const first = give('a', '1');
  const others = ['2', '3', '4'].map((each) => give('a', each));
  expect(all()).toEqual(['a: 1']);
  sent[0]?.end();
  await first;
  expect(all()).toEqual(['a: 1', 'a: 2+3+4']);
  const late = give('a', '5');
  sent[1]?.end();
  await Promise.all(others);
  expect(all().at(-1)).toBe('a: 5');
  sent[2]?.end();
  await late;
  const afterwards = give('a', '6');
  expect(all()).toHaveLength(4);
  sent[3]?.end();
  await afterwards;
});

test('lets no receiver wait for another one', () => {
  const { give, all } = postman();
  void give('a', '1');
  void give('b', '2');
  expect(all()).toEqual(['a: 1', 'b: 2']);
});

test('fails those whose sending failed, and no others', async () => {
  const { give, sent } = postman();
  const first = give('a', '1');
  const second = give('a', '2');
  sent[0]?.end(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  await new Promise(setImmediate);
  sent[1]?.end();
  await expect(second).resolves.toBeUndefined();
});
