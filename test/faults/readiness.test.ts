import { expect, onTestFinished, test } from 'vitest'
import { createReadiness } from '../../src/dynamodb/readiness.ts'
import { openStore } from '../../src/dynamodb/store.ts'
import { StoreError } from '../../src/errors.ts'
import { refusal, throttling } from '../support/dynamodb-replies.ts'
import { createGate } from '../support/gate.ts'
import { describedTable } from '../support/leaving-dynamodb.ts'
import { type Script, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { waitBeforeRetries } from '../support/scripted-service.ts'

const TABLE_NAMES = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }

const well: Script = ({ body }) => describedTable(body.TableName ?? '')
const broken: Script = () => refusal('InternalServerError', 'broken', 500)

/** The background check on a stand-in, every few milliseconds; the first has passed or failed when this returns. */
async function startReadiness(script: Script) {
  waitBeforeRetries('never')
  const dynamodb = await startScriptedDynamoDB(script)
  const store = await openStore({
    endpoint: dynamodb.url,
    dataDir: 'memory',
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: 200,
    tableNames: TABLE_NAMES,
    createTables: false,
  })
  const changes: (Error | undefined)[] = []
  const readiness = createReadiness({
    client: store.client,
    tableNames: TABLE_NAMES,
    intervalMs: 10,
    timeoutMs: 200,
    onChange: (fault) => changes.push(fault),
  })
  onTestFinished(async () => {
    readiness.stop()
    await store.close()
    await dynamodb.close()
  })
  const wasReadyAtOnce = readiness.isReady()
  await readiness.start()
  return {
    dynamodb,
    readiness,
    changes,
    wasReadyAtOnce,
    /** Resolves when the tables were asked for so often since the script began. */
    asked: (times: number) => expect.poll(() => dynamodb.calls().length).toBeGreaterThanOrEqual(times),
  }
}

test('nothing is ready before the first check has passed', async () => {
  const { wasReadyAtOnce, readiness } = await startReadiness(well)

  expect(wasReadyAtOnce).toBe(false)
  expect(readiness.isReady()).toBe(true)
})

test.for([
  ['throttled', throttling],
  ['throttled by the control plane', refusal('ThrottlingException', 'Rate exceeded')],
] as const)('a check that is %s leaves the service ready, and is no change', async ([_, reply]) => {
  const { dynamodb, readiness, changes, asked } = await startReadiness(well)

  dynamodb.use(() => reply)
  await asked(12)

  expect(readiness.isReady()).toBe(true)
  expect(changes).toEqual([undefined])
})

test('each change is told once, however many checks find the same', async () => {
  const { dynamodb, changes, asked } = await startReadiness(well)

  await asked(6)
  dynamodb.use(broken)
  await asked(18)
  dynamodb.use(well)
  await asked(6)

  expect(changes).toEqual([undefined, expect.any(StoreError), undefined])
})

test('one of the tables is enough to be unready', async () => {
  const missing = refusal('ResourceNotFoundException', 'Requested resource not found')
  const { readiness, changes } = await startReadiness((call) =>
    call.body.TableName === TABLE_NAMES.account_id ? missing : well(call),
  )

  expect(readiness.isReady()).toBe(false)
  expect(changes).toMatchObject([{ advice: expect.stringContaining(TABLE_NAMES.account_id) }])
})

test('a fault that gives way to another is told of, as it is another thing to mend', async () => {
  const { dynamodb, changes } = await startReadiness(() => refusal('AccessDeniedException', 'no'))

  dynamodb.use(() => refusal('ResourceNotFoundException', 'Requested resource not found'))

  await expect.poll(() => changes.at(-1)).toMatchObject({ advice: expect.stringContaining('does not exist') })
  expect(changes).toHaveLength(2)
})

test('stopped, the service is not ready any more, whatever the check finds that was under way', async () => {
  const { dynamodb, readiness, changes } = await startReadiness(well)
  const gate = createGate(2)
  dynamodb.use(async (call) => {
    await gate.arrive()
    return well(call)
  })
  await gate.arrived

  readiness.stop()
  gate.open()
  await dynamodb.quiet()

  expect(readiness.isReady()).toBe(false)
  expect(changes).toEqual([undefined])
})
