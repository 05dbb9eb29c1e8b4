import type { ApplicationStatus } from '../../domain/application-status';
import { stateWords } from '../../domain/explain-state';
import { withIcon } from '../output/icons';
import { oneLine } from '../output/table';
import type { Style } from '../output/style';

/** An application on one line: `✔ Healthy: web is Synced to 3f2c1aa`. */
export function statusLine(status: ApplicationStatus, style: Style): string {
  const word = status.held ? withIcon('Held', style) : withIcon(status.health, style);
  const state = stateWords(status);
  const doing = state === 'Idle' || state === 'Held' ? '' : ` (${state})`;
  return `${word}${doing}: ${oneLine(status.message).replace(/^held: /, '')}`;
}
