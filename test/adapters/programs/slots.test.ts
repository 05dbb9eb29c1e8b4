import { Slots } from '../../../src/adapters/programs/slots';

/** A task that ends when it is told, and how many ran at once. */
function tasks() {
  const ends: (() => void)[] = [];
  const began: number[] = [];
  const task = (id: number) => () => {
    began.push(id);
    return new Promise<number>((resolve) => ends.push(() => resolve(id)));
  };
  return { ends, began, task };
}

test('only so many run at once, and the others follow in order', async () => {
  const slots = new Slots(2);
  const { ends, began, task } = tasks();
  const all = [1, 2, 3, 4].map((id) => slots.run(task(id)));
  await Promise.resolve();
  expect(began).toEqual([1, 2]);
  ends[0]?.();
  await all[0];
  await new Promise(setImmediate);
  expect(began).toEqual([1, 2, 3]);
  ends[1]?.();
  ends[2]?.();
  await Promise.all([all[1], all[2]]);
  await new Promise(setImmediate);
  ends[3]?.();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
});

test('a task that fails makes room', async () => {
  const slots = new Slots(1);
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run(() => Promise.resolve('next'))).toBe('next');
});

test('who gives up while waiting leaves at once, and takes no place', async () => {
  const slots = new Slots(1);
  const { ends, began, task } = tasks();
  const first = slots.run(task(1));
  const stop = new AbortController();
  const second = slots.run(task(2), stop.signal);
  const third = slots.run(task(3));
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  ends[0]?.();
  await first;
  await new Promise(setImmediate);
  expect(began).toEqual([1, 3]);
  ends[1]?.();
  expect(await third).toBe(3);
});
