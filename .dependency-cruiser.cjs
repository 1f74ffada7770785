/** Imports go one way: services → libs/{contracts,bus,platform} → libs/protocol; web → libs/protocol. */
const TESTS = '[.](test|contract)[.]ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'protocol-imports-class-validator-only',
      severity: 'error',
      from: { path: '^libs/protocol/src', pathNot: [TESTS, '/testing/'] },
      to: { pathNot: '^libs/protocol/src|/class-validator/' },
    },
    {
      name: 'contracts-import-protocol-only',
      severity: 'error',
      from: { path: '^libs/contracts/src', pathNot: TESTS },
      to: { path: '^(libs|services|web|e2e|deploy)/', pathNot: '^libs/(contracts|protocol)/' },
    },
    {
      name: 'bus-and-platform-import-contracts-and-protocol-only',
      severity: 'error',
      from: { path: '^libs/(bus|platform)/src', pathNot: TESTS },
      to: { path: '^(libs|services|web|e2e|deploy)/', pathNot: ['^libs/(contracts|protocol)/', '^libs/$1/'] },
    },
    {
      name: 'no-service-imports-another',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'log-imports-no-feature',
      comment: 'The room log knows no feature of the message service: features implement its ports.',
      severity: 'error',
      from: { path: '^services/message/src/log', pathNot: TESTS },
      to: { path: '^services/message/src/', pathNot: '^services/message/src/(log|members)/' },
    },
    {
      name: 'web-imports-protocol-only',
      severity: 'error',
      from: { path: '^web/src', pathNot: TESTS },
      to: { path: '^(libs|services|e2e|deploy)/', pathNot: '^libs/protocol/' },
    },
    {
      name: 'domain-has-no-side-effects',
      comment: 'web/src/domain is pure: it imports itself and the wire, nothing else.',
      severity: 'error',
      from: { path: '^web/src/domain', pathNot: TESTS },
      to: { pathNot: '^(web/src/domain|libs/protocol)/' },
    },
    {
      name: 'engine-page-and-worker-meet-in-the-protocol',
      comment: 'The page and the worker know each other only by the messages in engine/protocol.',
      severity: 'error',
      from: { path: '^web/src/engine/(page|worker)/', pathNot: TESTS },
      to: { path: '^web/src/engine/(page|worker)/', pathNot: '^web/src/engine/$1/' },
    },
    {
      name: 'engine-protocol-imports-domain-only',
      severity: 'error',
      from: { path: '^web/src/engine/protocol/' },
      to: { path: '^web/src/', pathNot: '^web/src/(engine/protocol|domain)/' },
    },
    {
      name: 'app-uses-engine-by-its-page',
      comment: 'Stores, components and pages import no code that runs in the worker.',
      severity: 'error',
      from: { path: '^web/src/', pathNot: [TESTS, '^web/src/engine/'] },
      to: { path: '^web/src/engine/worker/' },
    },
    {
      name: 'base-components-import-nothing-of-the-app',
      severity: 'error',
      from: { path: '^web/src/components/base/', pathNot: TESTS },
      to: { path: '^(libs|services|web|e2e|deploy)/', pathNot: '^web/src/components/base/' },
    },
    {
      name: 'testing-stays-out-of-products',
      severity: 'error',
      from: { path: '^(libs|services|web)/', pathNot: [TESTS, '^libs/testing/', '/testing/'] },
      to: { path: '^libs/testing/' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
