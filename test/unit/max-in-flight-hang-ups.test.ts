import { expect, test } from 'vitest'
import { success } from '../support/dynamodb-replies.ts'
import { startLoggedService } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

const READ = '/api/v1/get/item/user/category'
const WRITE = '/api/v1/items/user'
const BODY = '{"category":{"name":"x"}}'
const PLACES = 4

const get = requestText('GET', READ)
const post = requestText('POST', WRITE, {}, BODY)

/** What clients send, each on its connection, before they hang up: as many requests as there are places. */
const SENT: [string, string[]][] = [
  ['reads', [get, get, get, get]],
  ['writes', [post, post, post, post]],
  ['reads behind one another on one connection', [get + get + get + get]],
  ['writes behind one another on two connections', [post + post, post + post]],
]

test.for(SENT)('clients that hang up free the places of their %s, time after time', async ([_, sent]) => {
  let isHanging = true
  const { port, url, dynamodb } = await startLoggedService({
    app: { maxInFlight: PLACES },
    // Each read has a call of its own.
    coalesceReads: false,
    script: () => (isHanging ? 'hang' : success({})),
  })

  for (let round = 1; round <= 3; round += 1) {
    const clients = await Promise.all(sent.map(() => openConnection(port)))
    for (const [index, client] of clients.entries()) client.send(sent[index] ?? '')
    await expect.poll(() => dynamodb.calls().length, { timeout: 2000 }).toBe(round * PLACES)
    for (const client of clients) client.hangUp()
    await expect.poll(() => dynamodb.inFlight('GetItem') + dynamodb.inFlight('UpdateItem'), { timeout: 2000 }).toBe(0)
  }
  isHanging = false
  const replies = await Promise.all(Array.from({ length: PLACES }, () => fetch(url + READ)))

  expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404])
})
