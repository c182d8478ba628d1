import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const ITEM = {
  bright_uid: { S: 'held' },
  category: { S: 'cat' },
  created_at: { S: '2025-10-07T07:46:26.943Z' },
  features: {
    M: {
      data: { M: { value: { N: '42' } } },
      metadata: {
        M: {
          updated_at: { S: '2025-10-07T07:46:26.943Z' },
          source: { S: 'api' },
          compute_id: { S: 'None' },
          ttl: { S: 'None' },
        },
      },
    },
  },
}

/**
 * Stands in for a slow DynamoDB: tables are there at once, every other call is held until `release`. A GetItem is then
 * answered with an item whose feature `value` is 42.
 */
export async function startHeldDynamoDB() {
  const gate = Promise.withResolvers<void>()
  const arrivals = new EventEmitter()
  let held = 0

  async function answer(request: IncomingMessage): Promise<unknown> {
    const operation = String(request.headers['x-amz-target']).split('.')[1]
    const { TableName: tableName } = JSON.parse(await text(request)) as { TableName: string }
    if (operation === 'DescribeTable') return { Table: describeTable(tableName) }
    held += 1
    arrivals.emit('held')
    await gate.promise
    return operation === 'GetItem' ? { Item: ITEM } : {}
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
    /** Resolves when this many calls have come. */
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
