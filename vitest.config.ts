import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    // A database made from a template takes a tenth of a second, on a busy machine a few.
    hookTimeout: 60_000,
    testTimeout: 30_000,
    // CI's machine is shared: a bound in seconds is tried once more there, a fault fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
