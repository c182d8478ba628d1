import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { success } from '../support/dynamodb-replies.ts'
import { createGate } from '../support/gate.ts'
import { largeBody } from '../support/large-body.ts'
import { startLoggedService } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

const WRITE = '/api/v1/items/user'
const READ = '/api/v1/get/item/user/category'
const ROOM_BYTES = 300_000
const BODY_LIMIT_BYTES = 100_000
const KEY = 'a-key-of-the-test'
const SHA256 = createHash('sha256').update(KEY).digest()

const body = largeBody(BODY_LIMIT_BYTES)
const tooLarge = largeBody(BODY_LIMIT_BYTES + 1)
const key = { 'x-api-key': KEY }
const inChunks = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
const chunked = { 'transfer-encoding': 'chunked', 'content-type': 'application/json', ...key }
const head = (headers: Record<string, string>) => requestText('POST', WRITE, { expect: '100-continue', ...headers })
const ofLength = { 'content-length': String(body.length), 'content-type': 'application/json', ...key }

/** What a client sends, as a whole, and the status that it gets. */
const ANSWERED: [string, string, number][] = [
  ['bodies that are taken', requestText('POST', WRITE, key, body), 200],
  ['chunked bodies that are taken', requestText('POST', WRITE, chunked) + inChunks(body), 200],
  ['bodies over their own limit', requestText('POST', WRITE, key, tooLarge), 413],
  ['chunked bodies over their own limit', requestText('POST', WRITE, chunked) + inChunks(tooLarge), 413],
  ['bodies without a key', requestText('POST', WRITE, {}, body), 401],
  ['bodies of another content type', requestText('POST', WRITE, { ...key, 'content-type': 'text/plain' }, body), 415],
  ['bodies that are no JSON', requestText('POST', WRITE, key, body.slice(1)), 400],
  ['bodies of a GET', requestText('GET', READ, key, body), 404],
  ['bodies to no route', requestText('POST', '/nowhere', key, body), 404],
]

/** What a client sends before it hangs up. */
const LEFT: [string, string][] = [
  ['bodies that break off', head(ofLength) + body.slice(1000)],
  ['chunked bodies that break off', head(chunked) + inChunks(body).slice(0, -5)],
  ['bodies of a GET that break off', requestText('GET', READ, { ...ofLength, expect: '100-continue' }) + body.slice(1000)],
]

/** A service with room for three bodies, on a store that answers at once until the room is to be filled. */
async function startNarrowService() {
  const gate = createGate(ROOM_BYTES / BODY_LIMIT_BYTES)
  let isHolding = false
  const service = await startLoggedService({
    app: {
      bodyLimitBytes: BODY_LIMIT_BYTES,
      maxBodyBytesInFlight: ROOM_BYTES,
      apiKeys: [{ name: 'test', scope: 'write', sha256: SHA256 }],
    },
    script: async () => {
      if (isHolding) await gate.arrive()
      return success({})
    },
  })

  /** The statuses of as many writes at once as there is room for, to the last byte. */
  async function fillRoom(): Promise<number[]> {
    isHolding = true
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...key }, body }
    const replies = Promise.all(Array.from({ length: ROOM_BYTES / BODY_LIMIT_BYTES }, () => fetch(service.url + WRITE, init)))
    await Promise.race([gate.arrived, replies])
    gate.open()
    return (await replies).map(({ status }) => status)
  }
  return { ...service, fillRoom }
}

test.for(ANSWERED)('%s leave as much room as there was', async ([_, request, status]) => {
  const { port, fillRoom } = await startNarrowService()
  const statuses: string[] = []
  for (let round = 0; round < 5; round += 1) {
    const client = await openConnection(port)
    client.send(request)
    statuses.push(await client.received(/^HTTP\/1\.1 \d{3} /))
    client.hangUp()
  }

  const filled = await fillRoom()

  for (const reply of statuses) expect(reply).toContain(`HTTP/1.1 ${status} `)
  expect(filled).toEqual([200, 200, 200])
})

test.for(LEFT)('%s leave as much room as there was', async ([_, request]) => {
  const { port, sink, fillRoom } = await startNarrowService()
  for (let round = 1; round <= 5; round += 1) {
    const client = await openConnection(port)
    client.send(request)
    await client.received(/100 Continue/)
    client.reset()
    await sink.ended(round)
  }

  const filled = await fillRoom()

  expect(filled).toEqual([200, 200, 200])
})

test('a body that goes beyond its own limit and the room for all in one piece gets one answer, whole', async () => {
  const service = await startLoggedService({ app: { bodyLimitBytes: 1000, maxBodyBytesInFlight: 1000 } })
  const client = await openConnection(service.port)
  const { 'x-api-key': _, ...keyless } = chunked

  client.send(requestText('POST', WRITE, keyless) + inChunks(largeBody(1500)))

  const reply = await client.received(/\r\n\r\n\{[\s\S]*\}$/)
  expect(reply).toMatch(/^HTTP\/1\.1 413 [\s\S]*"status":413[\s\S]*"code":"BODY_TOO_LARGE"/)
  expect(reply).toMatch(/\r\ncontent-type: application\/problem\+json/)
  expect(await service.finalRequests()).toMatchObject([{ status: 413, error_code: 'BODY_TOO_LARGE' }])
})
