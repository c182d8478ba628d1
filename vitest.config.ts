import { defineConfig } from 'vitest/config'
import { findDynamoDBLocal } from './test/support/dynamodb-local.ts'
import { CHROMIUM, findProgram } from './test/support/programs.ts'

// The same API tests run on every store that there is.
const stores = [{ name: 'embedded', setup: './test/support/use-embedded.ts' }]

if (process.env.CI !== undefined || (await findDynamoDBLocal()) !== undefined) {
  stores.push({ name: 'dynamodb-local', setup: './test/support/use-dynamodb-local.ts' })
} else {
  console.warn(
    '\n*** DynamoDB Local is left out: it needs Docker, Java 11 or later, or DYNAMODB_ENDPOINT. In CI it is required. ***\n',
  )
}

// Tests that need programs which npm does not bring. In CI they are required, and fail where one is missing.
const others = [
  { name: 'browser', programs: [CHROMIUM] },
  { name: 'ops', programs: [['promtool'], ['prometheus'], ['statsd_exporter']] },
].filter(({ name, programs }) => {
  const missing = programs.filter((names) => findProgram(names) === undefined).map((names) => names[0])
  if (missing.length === 0 || process.env.CI !== undefined) return true
  console.warn(
    `\n*** The tests in test/${name} are left out: not on the PATH: ${missing.join(', ')}. In CI they are required. ***\n`,
  )
  return false
})

export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'process', include: ['test/process/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['./test/support/use-embedded.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      ...others.map(({ name }) => ({
        test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 120_000, hookTimeout: 120_000 },
      })),
      ...stores.map(({ name, setup }) => ({
        test: { name, include: ['test/api/**/*.test.ts'], globalSetup: [setup], testTimeout: 30_000, hookTimeout: 30_000 },
      })),
    ],
  },
})
