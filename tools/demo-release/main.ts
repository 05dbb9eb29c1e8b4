import { join } from 'node:path';
import { runDemo } from '../demo/run-demo';
import { tell } from './story';

runDemo({
  dir: join('.belay', 'demo-release'),
  title:
    'Belay: a shop of twelve applications goes out as one release, and comes back as one, on a local Kubernetes and a local Temporal',
  path: 'services',
  tell,
  hints: ({ clone }) => [
    'npx belay release get shop -w',
    'npx belay release list',
    'npx belay app list',
    'kubectl -n shop get deploy,rs,pods,jobs',
    `cd ${clone}     # edit services/, commit, git push origin main`,
  ],
});
