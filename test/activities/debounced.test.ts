import { Debounced } from '../../src/activities/debounced';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

let sent: string[];
let answers: (() => Promise<void>)[];
function debounced(): Debounced {
  sent = [];
  answers = [];
  return new Debounced(100, async (key) => {
    sent.push(key);
    await answers.shift()?.();
  });
}

test('sends each key once, however often it is touched, and only when it is released', async () => {
  const keys = debounced();
  for (const key of ['a', 'b', 'a']) keys.touch(key);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([]);
  keys.release();
  await jest.advanceTimersByTimeAsync(99);
  expect(sent).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['a', 'b']);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(sent).toHaveLength(2);
});

test('sends again, later, what could not be sent', async () => {
  const keys = debounced();
  answers = [() => Promise.reject(new Error('no'))];
  keys.release();
  keys.touch('a');
  await jest.advanceTimersByTimeAsync(100);
  await jest.advanceTimersByTimeAsync(999);
  expect(sent).toEqual(['a']);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['a', 'a']);
});

test('never has two messages of a key under way', async () => {
  const keys = debounced();
  let arrive = (): void => undefined;
  answers = [() => new Promise((resolve) => (arrive = resolve))];
  keys.release();
  keys.touch('a');
  await jest.advanceTimersByTimeAsync(100);
  keys.touch('a');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual(['a']);
  arrive();
  await jest.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(['a', 'a']);
});

test('keeps what is touched while it is held', async () => {
  const keys = debounced();
  keys.release();
  keys.touch('a');
  keys.hold();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([]);
  keys.release();
  await jest.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(['a']);
});
