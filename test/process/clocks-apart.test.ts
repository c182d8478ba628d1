import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { openStore } from '../../src/dynamodb/store.ts'
import { passEverything, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { readFeature, type ServiceProcess, startService, writeFeature } from '../support/service-process.ts'

const FIVE_MINUTES_MS = 300_000
const PRELOAD = fileURLToPath(new URL('../support/clock-shift-preload.cjs', import.meta.url))

/** A process whose clock is so far from this machine's, on a store that is. */
function startShifted(endpoint: string, shiftMs: number): Promise<ServiceProcess> {
  return startService({
    ENVIRONMENT: 'production',
    AUTH: 'off',
    DYNAMODB_ENDPOINT: endpoint,
    NODE_OPTIONS: `--require ${PRELOAD}`,
    CLOCK_SHIFT_MS: String(shiftMs),
    // Longer than the second by which two processes may differ.
    REQUEST_TIMEOUT_MS: '1500',
    DYNAMODB_ATTEMPT_TIMEOUT_MS: '1500',
  })
}

test.for([
  ['ahead', FIVE_MINUTES_MS, -FIVE_MINUTES_MS],
  ['behind', -FIVE_MINUTES_MS, FIVE_MINUTES_MS],
] as const)(
  'a late attempt of a process whose clock is %s does not undo what another acknowledged since',
  async ([_, lateMs, nextMs]) => {
    const embedded = await openEmbeddedStore('memory')
    onTestFinished(embedded.close)
    const tableNames = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }
    const made = { dataDir: 'memory', region: 'us-east-1', dummyCredentials: true, attemptTimeoutMs: 10_000, createTables: true }
    await (await openStore({ endpoint: embedded.endpoint, tableNames, ...made })).close()
    const dynamodb = await startScriptedDynamoDB(passEverything, embedded.endpoint)
    onTestFinished(dynamodb.close)
    const [late, next] = await Promise.all([startShifted(dynamodb.url, lateMs), startShifted(dynamodb.url, nextMs)])
    dynamodb.use(({ operation }) => (operation === 'UpdateItem' ? 'hold' : 'pass'))
    expect(await writeFeature(late.url, 'user', 'late')).toBe(504)
    const [held] = dynamodb.held()
    await held?.givenUp
    dynamodb.use(passEverything)
    expect(await writeFeature(next.url, 'user', 'acknowledged')).toBe(200)

    await held?.release()

    expect(await readFeature(next.url, 'user')).toBe('acknowledged')
  },
)
