// The failed tests of a report of vitest, a line each with the first lines of their reasons: node .ci/failed-tests.mjs FILE
import { readFileSync } from 'node:fs'

/** So much of a reason is shown; the whole one stands where the test ran. */
const REASON_CHARACTERS = 600

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
for (const file of report.testResults) {
  const place = file.name.slice(process.cwd().length + 1)
  const tests = file.assertionResults.filter((result) => result.status === 'failed')
  // A hook within a describe block that fails is the fault of no test, and its reason is not in the report.
  if (file.status === 'failed' && (file.message !== '' || tests.length === 0)) {
    print(place, file.message || 'failed outside of its tests')
  }
  for (const test of tests) {
    print(`${place}: ${test.fullName}`, test.failureMessages.join(' | '))
  }
}

function print(name, reason) {
  console.log(`${name}: ${reason.replaceAll(/\s+/g, ' ').slice(0, REASON_CHARACTERS)}`)
}
