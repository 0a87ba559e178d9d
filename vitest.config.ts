import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    // Most tests wait for processes: with one file at a time, the default on two cores, half of a core idles; with four at a
    // time two cores are busy to the end.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    // Modules are loaded once for a worker instead of once for each file: a seventh less CPU time. No test replaces a module.
    isolate: false,
    // A database made from a template takes a tenth of a second, on a busy machine a few.
    hookTimeout: 60_000,
    testTimeout: 30_000,
    // CI's machine is shared: a bound in seconds is tried once more there, a fault fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
