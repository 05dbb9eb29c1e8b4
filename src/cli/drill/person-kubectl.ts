import { redact } from '../../domain/redact';
import { cut } from '../../domain/read-json';
import { runProgram } from './person-program';

/** Characters of what kubectl complained about: some webhooks answer with pages. */
const longest = 600;

/** What kubectl answered, or what it complained about: without credentials, and cut. */
export type KubectlAnswer =
  { readonly ok: true; readonly out: string } | { readonly ok: false; readonly complaint: string };

/** Runs kubectl: the person's own program, configuration and credentials. */
export interface PersonKubectl {
  ask(args: readonly string[], input?: string): Promise<KubectlAnswer>;
}

/** Kubectl in a context; default: its current one. */
export function kubectlIn(context: string | undefined, env: NodeJS.ProcessEnv): PersonKubectl {
  const common = ['--request-timeout=30s', ...(context === undefined ? [] : ['--context', context])];
  return {
    async ask(args, input = '') {
      const { code, out, complaint } = await runProgram('kubectl', [...common, ...args], {
        cwd: '.',
        env,
        input,
      });
      if (code === 0) return { ok: true, out };
      const said = cut(redact(complaint.trim()), longest);
      return { ok: false, complaint: said === '' ? `kubectl ended with ${code ?? 'a signal'}` : said };
    },
  };
}
