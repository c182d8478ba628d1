import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../../src/dynamodb/client.ts'
import { createReadiness } from '../../src/dynamodb/readiness.ts'
import { refusal } from '../support/dynamodb-replies.ts'
import { describedTable } from '../support/leaving-dynamodb.ts'
import { type Script, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'

const tableNames = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }

const well: Script = ({ body }) => describedTable(body.TableName ?? '')
const denied: Script = () => refusal('AccessDeniedException', 'User is not authorized')

/** The background check on a stand-in, every few milliseconds, before its first look. */
async function prepareReadiness(script: Script) {
  const dynamodb = await startScriptedDynamoDB(script)
  const client = createClient({
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: 1000,
    endpoint: dynamodb.url,
  })
  const readiness = createReadiness({ client, tableNames, intervalMs: 5, timeoutMs: 1000, onChange() {} })
  onTestFinished(async () => {
    readiness.stop()
    client.destroy()
    await dynamodb.close()
  })
  return { dynamodb, readiness }
}

test('a process has not been ready since its start, until the first check has passed', async () => {
  const { readiness } = await prepareReadiness(well)

  await expect.poll(readiness.notReadyMs).toBeGreaterThan(5)
  await readiness.start()
  expect(readiness.notReadyMs()).toBe(0)
})

test('the time without readiness grows over every check that fails, and is 0 as soon as one passes', async () => {
  const { dynamodb, readiness } = await prepareReadiness(well)
  await readiness.start()

  dynamodb.use(denied)
  await expect.poll(readiness.notReadyMs).toBeGreaterThan(0)
  const [soonMs, calls] = [readiness.notReadyMs(), dynamodb.calls().length]
  await expect.poll(() => dynamodb.calls().length).toBeGreaterThan(calls + 2)
  expect(readiness.notReadyMs()).toBeGreaterThan(soonMs)

  dynamodb.use(well)
  await expect.poll(readiness.notReadyMs).toBe(0)
})

test('a process that ends is not ready from then on', async () => {
  const { readiness } = await prepareReadiness(well)
  await readiness.start()

  readiness.stop()

  await expect.poll(readiness.notReadyMs).toBeGreaterThan(5)
})
