import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { success } from './dynamodb-replies.ts'

/** How a DynamoDB answers: `well`, never, or with one reply to everything. */
export type Mood = 'well' | 'silent' | { status: number; text: string }

/** A DynamoDB of two tables, always empty, that takes every write, and can go away and come back. It ends with the test. */
export async function startLeavingDynamoDB() {
  let mood: Mood = 'well'
  let calls = 0
  let port = 0
  const server = createServer(async (request, response) => {
    const isOfTable = request.headers['x-amz-target'] === 'DynamoDB_20120810.DescribeTable'
    const body = await buffer(request)
    calls += 1
    if (mood === 'silent') return
    const { TableName: tableName = '' } = isOfTable ? (JSON.parse(body.toString()) as { TableName?: string }) : {}
    const reply = mood === 'well' ? (isOfTable ? describedTable(tableName) : success({})) : mood
    response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.0' }).end(reply.text)
  })

  async function comeBack(): Promise<void> {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  async function goAway(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await comeBack()
  onTestFinished(goAway)
  return {
    url: `http://127.0.0.1:${port}`,
    /** Nothing listens on its port any more, until it comes back. */
    goAway,
    comeBack,
    feel: (next: Mood) => {
      mood = next
    },
    /** How many calls have come. */
    calls: () => calls,
  }
}

/** What DescribeTable says of one of the tables by its usual name, in the service's own terms. */
export function describedTable(tableName: string): { status: number; text: string } {
  const partitionKey = tableName === 'features_bright_uid' ? 'bright_uid' : 'account_id'
  const KeySchema = [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: 'category', KeyType: 'RANGE' },
  ]
  return success({ Table: { TableName: tableName, TableStatus: 'ACTIVE', KeySchema } })
}
