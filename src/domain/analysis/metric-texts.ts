import { readDuration } from '../duration';
import { syntaxError } from './conditions';
import type { Complaint } from './complaint';
import { limits } from './metric-numbers';
import type { MetricTemplate } from './spec';
import { fillText, nothingMet, type Lookup, type Met } from './substitute';

/** What is wrong with one field of a metric. */
export interface MetricComplaint extends Complaint {
  readonly field: keyof MetricTemplate;
}

type TextField = Exclude<keyof MetricTemplate, 'provider'>;

/** The texts of one metric while their arguments are filled in. A reader gives undefined for what is absent, unknown yet or wrong. */
export class MetricTexts {
  readonly complaints: MetricComplaint[] = [];
  /** Fields that are written, but unknown yet or wrong. */
  readonly vague = new Set<TextField>();

  constructor(
    readonly template: MetricTemplate,
    readonly lookup: Lookup,
  ) {}

  text(field: TextField): string | undefined {
    const written = this.template[field];
    if (written === undefined) return undefined;
    const met = nothingMet();
    const filled = fillText(written, this.lookup, met);
    for (const complaint of [...secretsOutside(met), ...complaintsOf(met)]) this.complain(field, complaint);
    const isKnown = !met.hasUnknown && !met.hasUnclosed && met.secrets.size === 0 && met.missing.size === 0;
    if (!isKnown) this.vague.add(field);
    return isKnown ? filled : undefined;
  }

  millis(field: 'interval' | 'initialDelay'): number | undefined {
    const filled = this.text(field) || undefined;
    const read = filled === undefined ? undefined : readDuration(filled, field);
    if (read === undefined || read.ok) return read?.value;
    const remedy = 'write a duration such as 30s or 1m';
    return this.wrong(field, { message: `${field}: ${shown(filled)} is not a duration`, remedy });
  }

  int(field: keyof typeof limits): number | undefined {
    const filled = this.text(field)?.trim();
    if (filled === undefined) return undefined;
    const { least } = limits[field];
    const value = /^[+-]?\d{1,10}$/.test(filled) ? Number(filled) : Number.NaN;
    if (value >= least && value <= 2147483647) return value;
    const remedy = `write a whole number of ${least} or more${least < 0 ? ' (-1: none)' : ''}`;
    return this.wrong(field, { message: `${field} is ${shown(filled)}`, remedy });
  }

  condition(field: 'successCondition' | 'failureCondition'): string | undefined {
    const filled = this.text(field) || undefined;
    const error = filled === undefined ? undefined : syntaxError(filled);
    if (error === undefined) return filled;
    const remedy = 'write an expression such as `result[0] >= 0.95`';
    return this.wrong(field, { message: `${field} ${shown(filled)}: ${error}`, remedy });
  }

  complain(field: keyof MetricTemplate, complaint: Complaint): void {
    this.complaints.push({ field, ...complaint });
  }

  private wrong(field: TextField, complaint: Complaint): undefined {
    this.complain(field, complaint);
    this.vague.add(field);
  }
}

function shown(text = ''): string {
  return `"${text.length > 120 ? `${text.slice(0, 119)}…` : text}"`;
}

/** What is wrong with the tags that a substitution met. */
export function complaintsOf(met: Met): readonly Complaint[] {
  const missing = [...met.missing].map((tag) => ({
    message: `{{${tag.slice(0, 80)}}} stands for nothing`,
    remedy: tag.startsWith('args.')
      ? 'declare the argument under spec.args of the template'
      : 'only {{args.<name>}} is filled in here',
  }));
  const unclosed = { message: 'a {{ has no }}', remedy: 'close the tag, as in {{args.name}}' };
  return [...missing, ...(met.hasUnclosed ? [unclosed] : [])];
}

function secretsOutside({ secrets }: Met): readonly Complaint[] {
  return [...secrets].map((tag) => ({
    message: `{{${tag}}} comes from a Secret, which is filled in only inside of provider`,
    remedy: 'use an argument with a value here',
  }));
}
