import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/*
 * Who may import whom (docs/architecture.md draws it). `folders` are folders of src/ whose values may be imported, `types` those of
 * which only types may be, `packages` the packages; everything else is an error. A folder may always import itself.
 */
const node = 'node:.*';
const layers = {
  domain: { folders: [], packages: [] },
  messages: {
    folders: ['domain'],
    types: ['ports'],
    packages: ['@temporalio/common', '@temporalio/workflow'],
  },
  workflows: {
    folders: ['domain', 'messages'],
    types: ['activities', 'ports'],
    packages: ['@temporalio/common', '@temporalio/workflow'],
  },
  ports: { folders: ['domain'], packages: [] },
  activities: {
    folders: ['domain', 'messages', 'ports'],
    packages: [node, '@temporalio/activity', '@temporalio/common'],
  },
  adapters: { folders: ['domain', 'ports'], packages: [node] },
  'adapters/charts': { folders: ['domain', 'ports'], packages: [node, 'undici', 'yaml'] },
  'adapters/cluster': { folders: ['domain', 'ports'], packages: [node, '@kubernetes/client-node', 'undici'] },
  'adapters/git': { folders: ['domain', 'ports'], packages: [node, 'simple-git'] },
  // Payloads: workers, receivers and clients use it.
  'adapters/codec': {
    folders: ['ports'],
    packages: [node, '@temporalio/common', '@temporalio/proto'],
  },
  'adapters/jq': { folders: ['domain', 'ports'], packages: [node, 'jq-wasm'] },
  'adapters/lua': { folders: ['domain', 'ports'], packages: [node, 'wasmoon', 'yaml'] },
  'adapters/manifests': { folders: ['domain', 'ports'], packages: [node, 'yaml'] },
  'adapters/metrics': {
    folders: ['domain', 'ports'],
    packages: [node, 'undici', '@smithy/signature-v4', '@aws-sdk/credential-providers'],
  },
  'adapters/policy': { folders: ['domain', 'ports'], packages: [node, 'yaml'] },
  'adapters/forge': { folders: ['domain', 'ports'], packages: [node, '@octokit/request'] },
  // How APIs of forges are asked, and tokens of GitHub Apps: other adapters use it.
  'adapters/forge-api': { folders: ['domain', 'ports'], packages: [node, 'undici'] },
  // How programs are found and run: other adapters use it.
  'adapters/programs': { folders: [], packages: [node] },
  'adapters/render': { folders: ['domain', 'ports'], packages: [node, 'yaml'] },
  'adapters/temporal': {
    folders: ['domain', 'messages', 'ports'],
    packages: [node, '@temporalio/client', '@temporalio/common'],
  },
  'adapters/windows': { folders: ['domain', 'ports'], packages: ['croner'] },
  client: {
    folders: ['domain', 'messages', 'adapters/codec'],
    packages: [node, '@temporalio/client', '@temporalio/common', '@temporalio/envconfig'],
  },
  cli: {
    folders: ['domain', 'client', 'adapters/codec', 'adapters/manifests'],
    packages: [node, 'commander'],
  },
  'cli/output': { folders: ['domain', 'client'], packages: [node, 'commander', 'yaml'] },
  // Can be exposed alone: no Git, no cluster.
  server: {
    folders: ['client', 'domain', 'messages', 'adapters/codec'],
    types: ['cli/receiver-options', 'cli/codec-options'],
    packages: [node, '@temporalio/client', '@temporalio/common'],
  },
  worker: {
    folders: ['activities', 'adapters', 'client', 'domain', 'messages', 'ports', 'server', 'workflows'],
    types: ['cli/recover-options', 'cli/worker-options'],
    packages: [node, '@temporalio/(client|common|worker|envconfig)'],
  },
};
const allFolders = [
  'activities',
  'adapters',
  'cli',
  'client',
  'domain',
  'messages',
  'ports',
  'server',
  'worker',
  'workflows',
];

/** Forbids `../<folder>` for every folder but those listed, and every package but those listed. */
function layer(name, { folders, types = [], packages }) {
  const [own, part] = name.split('/');
  const up = String.raw`^(\.\.?/)+`;
  const not = (list) => (list.length === 0 ? '' : `(?!(${list.join('|')})(/|$))`);
  const others = allFolders.filter((folder) => folder !== own).join('|');
  return {
    files: [`src/${name}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `${up}${not([...folders, ...types])}(${others})(/|$)`,
              message: `src/${name} may import ${sentence([...folders, ...types.map((type) => `types of ${type}`)])}.`,
            },
            ...types.map((type) => ({
              regex: `${up}${type}(/|$)`,
              allowTypeImports: true,
              message: `src/${name} may import only types from ${type}.`,
            })),
            { regex: `${up}tools(/|$)`, message: 'src/ does not use tools/.' },
            // Only within src/adapters is a neighbour one step up.
            ...(own === 'adapters' && part !== undefined
              ? [
                  {
                    regex: `^\\.\\./(?!\\.\\./|${part}/|forge-api/|programs/)`,
                    message: 'an adapter does not use another one.',
                  },
                ]
              : []),
            {
              regex: `^(?!\\.)${packages.length === 0 ? '' : `(?!(${packages.join('|')})$)`}`,
              message: `src/${name} may import ${sentence(packages.map((each) => (each === node ? 'Node built-ins' : each)))}.`,
            },
          ],
        },
      ],
    },
  };
}

function sentence(list) {
  return list.length === 0 ? 'nothing else' : `only ${list.join(', ')}`;
}

/** A validator of an update is called synchronously: what an async one rejects with never reaches the caller. */
const asyncValidators = [
  'Property[key.name="validator"] > ArrowFunctionExpression[async=true]',
  'Property[key.name="validator"] > FunctionExpression[async=true]',
].map((selector) => ({ selector, message: 'validators of updates are synchronous' }));

const refused = [...asyncValidators, { selector: 'TSEnumDeclaration', message: 'use a union of literals' }];

/** One evaluation of these modules serves all workflows of a worker (src/worker/bundling.ts). */
const stateOfModules = {
  selector:
    'Program > VariableDeclaration[kind!="const"], Program > ExportNamedDeclaration > VariableDeclaration[kind!="const"]',
  message: 'all workflows of a worker would share it',
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.belay/', '**/*.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,mts}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver': { node: { extensions: ['.ts', '.js'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'max-lines': ['error', { max: 200, skipBlankLines: true }],
      'max-params': ['error', 4],
      // Control characters are what text from outside is searched for.
      'no-control-regex': 'off',
      'no-regex-spaces': 'off',
      'no-restricted-syntax': ['error', ...refused],
    },
  },
  {
    files: ['src/{domain,messages,workflows}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...refused, stateOfModules] },
  },
  ...Object.entries(layers).map(([name, rule]) => layer(name, rule)),
  {
    // The one place where the installed program uses what the tools share with it.
    files: ['src/worker/dev.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['tools/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true }],
      // A fake implements an asynchronous port without waiting; a test looks into JSON.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
      },
    },
  },
);
