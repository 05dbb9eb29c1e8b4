import { readDuration } from '../duration';
import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import { readTexts } from '../read-texts';
import { requireField, readWith } from '../read-with';
import type { SyncWindow } from './project';

/** One entry of `syncWindows`; nothing when it is wrong, with the problem reported. Whether its schedule is one is not known here. */
export function readWindow(fields: Fields): readonly SyncWindow[] {
  const kind = requireField(fields, 'kind', 'write allow or deny')
    ? fields.oneOf('kind', ['allow', 'deny'] as const)
    : undefined;
  const schedule = requireField(fields, 'schedule', "write a schedule such as '0 22 * * *'")
    ? fields.string('schedule')
    : undefined;
  const durationMs = requireField(fields, 'duration', 'write how long it lasts, such as 1h30m')
    ? readLength(fields)
    : undefined;
  const [applications, namespaces, clusters] = [
    readTexts(fields, 'applications'),
    readTexts(fields, 'namespaces'),
    readTexts(fields, 'clusters'),
  ];
  const window = {
    timeZone: fields.string('timeZone') || 'UTC',
    all: fields.boolean('andOperator') ?? false,
    manualSync: fields.boolean('manualSync') ?? false,
    syncOverrun: fields.boolean('syncOverrun') ?? false,
  };
  fields.string('description');
  reportUnknown(fields);
  if (applications.length + namespaces.length + clusters.length === 0) {
    const remedy = "write applications: ['*'] for all";
    fields.report({ code: 'InvalidSpec', path: fields.path, message: 'is for nothing', remedy });
  }
  if (kind === undefined || schedule === undefined || durationMs === undefined) return [];
  return [{ kind, schedule, durationMs, applications, namespaces, clusters, ...window }];
}

function readLength(fields: Fields): number | undefined {
  const length = readWith(fields, 'duration', (value, field) =>
    readDuration(
      typeof value === 'string' && /^\+?\d+$/.test(value) ? `${value} without a unit` : value,
      field,
    ),
  );
  if (length === undefined || length > 0) return length;
  return fields.invalid('duration', 'is zero', { remedy: 'write how long it lasts, such as 1h' });
}
