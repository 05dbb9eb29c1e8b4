import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus } from '../../../tools/local/prometheus';

test('x', async () => {
  const prometheus = await startPrometheus({ dir: await mkdtemp(join(tmpdir(), 'prom-')) });
  const r = await fetch(prometheus.url + '/api/v1/query?query=vector(1)');
  console.log(r.status, await r.text());
  await prometheus.stop();
}, 900_000);
