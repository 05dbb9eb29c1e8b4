/** Asks Prometheus; the first value of the answer, undefined when there is none. */
export async function queryPrometheus(url: string, query: string): Promise<number | undefined> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as {
    data?: { result: readonly { value: readonly [number, string] }[] };
  };
  const value = data?.result[0]?.value[1];
  return value === undefined ? undefined : Number(value);
}
