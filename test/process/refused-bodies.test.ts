import { expect, test } from 'vitest'
import { sendThenRead } from '../support/blocking-client.ts'
import { startHeldDynamoDB } from '../support/held-dynamodb.ts'
import { largeBody } from '../support/large-body.ts'
import { requestText } from '../support/raw-client.ts'
import { startService } from '../support/service-process.ts'

const WRITE = '/api/v1/items/user'
const LIMIT_BYTES = 4 * 1024 * 1024

/** The status line that each of several clients gets that sends all of its body before it reads. */
async function statusLines(url: string, body: string): Promise<string[]> {
  const port = Number(new URL(url).port)
  const request = requestText('POST', WRITE, {}, body)
  const sent = Array.from({ length: 8 }, () => sendThenRead(port, request).catch((error: Error) => error.message))
  return (await Promise.all(sent)).map((reply) => reply.split('\r\n')[0] ?? '')
}

test('clients that send all of a large body before they read get their OVERLOADED, and no broken connection', async () => {
  const dynamoDB = await startHeldDynamoDB()
  const { url } = await startService({ ...dynamoDB.env, MAX_BODY_BYTES_IN_FLIGHT: String(LIMIT_BYTES) })
  const body = largeBody(LIMIT_BYTES)
  const taken = fetch(url + WRITE, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await dynamoDB.holds(1)

  const replies = await statusLines(url, body)
  dynamoDB.release()
  const { status } = await taken

  expect(replies).toEqual(Array(8).fill('HTTP/1.1 503 Service Unavailable'))
  expect(status).toBe(200)
})

test('clients that send all of a body over the limit before they read get their 413, and no broken connection', async () => {
  const { url } = await startService()

  const replies = await statusLines(url, largeBody(LIMIT_BYTES + 1))

  expect(replies).toEqual(Array(8).fill('HTTP/1.1 413 Payload Too Large'))
})
