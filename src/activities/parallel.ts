/** Maps with at most `limit` calls under way; the first rejection wins. */
export async function inParallel<I, O>(
  limit: number,
  inputs: readonly I[],
  map: (input: I) => Promise<O>,
): Promise<readonly O[]> {
  const outputs = new Array<O>(inputs.length);
  const entries = inputs.entries();
  const runner = async (): Promise<void> => {
    for (const [index, input] of entries) outputs[index] = await map(input);
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, runner));
  return outputs;
}
