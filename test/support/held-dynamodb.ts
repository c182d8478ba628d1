import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

type Key = Record<string, unknown>
type Asked = { TableName?: string; Key?: Key; RequestItems?: Record<string, { Keys: Key[] }> }

/**
 * Stands in for a slow DynamoDB: tables are there at once, every other call is held until `release`. Each item that was asked
 * for, alone or with others, then has a feature `value` of 42.
 */
export async function startHeldDynamoDB() {
  const gate = Promise.withResolvers<void>()
  const arrivals = new EventEmitter()
  let held = 0

  async function answer(request: IncomingMessage): Promise<unknown> {
    const operation = String(request.headers['x-amz-target']).split('.')[1]
    const asked = JSON.parse(await text(request)) as Asked
    if (operation === 'DescribeTable') return { Table: describeTable(String(asked.TableName)) }
    const batches = Object.entries(asked.RequestItems ?? {})
    held += operation === 'BatchGetItem' ? batches.flatMap(([, { Keys }]) => Keys).length : 1
    arrivals.emit('held')
    await gate.promise
    if (operation === 'GetItem') return { Item: itemOf(asked.Key) }
    if (operation === 'BatchGetItem') {
      return { Responses: Object.fromEntries(batches.map(([name, { Keys }]) => [name, Keys.map(itemOf)])) }
    }
    return {}
  }

  const server = createServer(async (request, response) => {
    const body = JSON.stringify(await answer(request))
    response.setHeader('content-type', 'application/x-amz-json-1.0').end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    gate.resolve()
    server.close()
    server.closeAllConnections()
  })

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    /** What a service needs to use it, with time enough for a held call. */
    env: {
      ENVIRONMENT: 'production',
      AUTH: 'off',
      DYNAMODB_ENDPOINT: url,
      REQUEST_TIMEOUT_MS: '50000',
      DYNAMODB_ATTEMPT_TIMEOUT_MS: '50000',
    },
    /** Resolves when this many items were asked for, or written. */
    async holds(count: number): Promise<void> {
      while (held < count) await once(arrivals, 'held')
    },
    release: () => gate.resolve(),
  }
}

function describeTable(tableName: string) {
  const partitionKey = tableName === 'features_bright_uid' ? 'bright_uid' : 'account_id'
  const KeySchema = [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: 'category', KeyType: 'RANGE' },
  ]
  return { TableName: tableName, TableStatus: 'ACTIVE', KeySchema }
}

function itemOf(key: Key | undefined) {
  const updatedAt = { S: '2025-10-07T07:46:26.943Z' }
  const metadata = { M: { updated_at: updatedAt, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } } }
  return { ...key, created_at: updatedAt, features: { M: { data: { M: { value: { N: '42' } } }, metadata } } }
}
