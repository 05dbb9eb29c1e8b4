/** The stories that are told under the adversary's hand. */
export const storyNames = [
  'canary-good',
  'canary-bad',
  'abort',
  'drift',
  'blue-green-good',
  'blue-green-bad',
] as const;

export type StoryName = (typeof storyNames)[number];
