/** Jest on the TypeScript sources; `@swc/jest` compiles, the type check is a step of its own. */
const swc = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };

function project(displayName, ...folders) {
  return {
    displayName,
    testEnvironment: 'node',
    transform: { '^.+\\.ts$': ['@swc/jest', swc] },
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  };
}

module.exports = {
  testTimeout: 60_000,
  projects: [
    // No cluster; at most a Temporal dev server.
    project('unit', 'domain', 'messages', 'cli', 'server', 'docs'),
    // Workflows on the time-skipping server, and replay.
    project('workflow', 'workflows', 'model'),
    // Adapters against the real thing: Git, an API server, a Temporal server, programs.
    {
      ...project('contract', 'adapters', 'activities', 'client', 'worker', 'tools'),
      testPathIgnorePatterns: ['/node_modules/', '/test/adapters/git/servers/'],
    },
    // Git servers as they behave, and misbehave: `npm run test:git`.
    project('git', 'adapters/git/servers'),
    // All of it together.
    project('e2e', 'e2e'),
    // On a real node, with real traffic: `make e2e`. Only as root on Linux.
    project('node', 'node'),
  ],
};
