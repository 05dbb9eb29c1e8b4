/** One sample of a pod's own metrics. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s*(\S+)(?:\s+-?\d+)?\s*(?:#.*)?$/;
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;

/**
 * Reads the text format of Prometheus (and of OpenMetrics, as far as counters, gauges and classic histograms go), keeping the samples
 * of the wanted names. A line that cannot be read is left out: what is missing is a lost scrape, never a zero.
 */
export function parseExposition(text: string, names: ReadonlySet<string>): readonly Sample[] {
  const samples: Sample[] = [];
  for (const each of text.split('\n')) {
    const end = /[{\s]/.exec(each)?.index ?? 0;
    if (end === 0 || !names.has(each.slice(0, end))) continue;
    const [, name, inner = '', number] = line.exec(each.trimEnd()) ?? [];
    const labels = name === undefined ? undefined : labelsIn(inner);
    const value = numberOf(number);
    if (name !== undefined && labels !== undefined && value !== undefined)
      samples.push({ name, labels, value });
  }
  return samples;
}

function labelsIn(text: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  let end = 0;
  while (end < text.length) {
    label.lastIndex = end;
    const [, name, value = ''] = label.exec(text) ?? [];
    if (name === undefined) return text.slice(end).trim() === '' ? labels : undefined;
    labels[name] = unescaped(value);
    end = label.lastIndex;
  }
  return labels;
}

/** The value of a label, of what is written between its quotes. */
export function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, each: string) => (each === 'n' ? '\n' : each));
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const special = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (special !== null) return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}
