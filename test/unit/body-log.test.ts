import { expect, test } from 'vitest'
import { bodyLogPlugin } from '../../src/plugins/body-log.ts'
import { jsonBodyPlugin } from '../../src/plugins/json-body.ts'
import { fetchWhole, startWatchedApp } from '../support/watched-app.ts'

const LIMIT_BYTES = 1024

/** All lines of one POST of this body, which is answered by this text. */
async function linesOf(body: string, { reply = '"answered"', level = 'debug' } = {}) {
  const app = await startWatchedApp(
    async (bare) => {
      await bare.register(bodyLogPlugin)
      await bare.register(jsonBodyPlugin)
      bare.post('/', async () => reply)
    },
    { level },
  )
  const answer = await fetchWhole(app.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  await app.finalRequests()
  const id = answer.headers.get('x-request-id')
  const lines = app.sink.lines()
  return {
    log: app.sink.text(),
    answer,
    id,
    all: lines,
    request: lines.find(({ msg }) => msg === 'request body'),
    reply: lines.find(({ msg }) => msg === 'reply body'),
  }
}

test.for(['debug', 'trace'])('at level %s the bodies of request and reply are logged, under the request’s id', async (level) => {
  const { request, reply, id } = await linesOf('{"cat":{"f":"v"}}', { reply: '{"found":1}', level })

  expect(request).toMatchObject({ level: 'debug', request_id: id, body: '{"cat":{"f":"v"}}', bytes: 17 })
  expect(reply).toMatchObject({ level: 'debug', request_id: id, body: '{"found":1}', bytes: 11 })
})

test('every line but those of start and end has the id of the reply', async () => {
  const { all, id } = await linesOf('{}', { level: 'trace' })

  const lines = all.filter(({ msg }) => !String(msg).startsWith('Server listening'))
  expect(lines.map(({ request_id }) => request_id)).toEqual([id, id, id])
})

test.for(['info', 'warn', 'error'])('at level %s no body is logged', async (level) => {
  const { log } = await linesOf('{"cat":{"f":"S3CRET"}}', { reply: '{"S3CRET":1}', level })

  expect(log).not.toContain('S3CRET')
})

test('a body of 1,024 bytes is whole', async () => {
  const body = `"${'x'.repeat(LIMIT_BYTES - 2)}"`

  const { request, reply } = await linesOf(body, { reply: body })

  expect(request).toMatchObject({ body, bytes: LIMIT_BYTES })
  expect(reply).toMatchObject({ body, bytes: LIMIT_BYTES })
})

test('a longer one is cut after 1,024 bytes, and its true size is said', async () => {
  const body = `"${'x'.repeat(LIMIT_BYTES - 1)}TAIL"`

  const { request, reply, log } = await linesOf(body, { reply: body })

  const expected = { body: body.slice(0, LIMIT_BYTES), bytes: body.length }
  expect(request).toMatchObject(expected)
  expect(reply).toMatchObject(expected)
  expect(log).not.toContain('TAIL')
})

test('it is cut by bytes, even inside of a character', async () => {
  const { request } = await linesOf(`"${'é'.repeat(LIMIT_BYTES)}"`)

  expect(request).toMatchObject({ bytes: 2 * LIMIT_BYTES + 2, body: expect.stringMatching(/^"é{511}.?$/) })
})

test('a body that cannot be read is logged as it came, and so is the answer to it', async () => {
  const { request, reply, answer } = await linesOf('{"half":')

  expect(answer.status).toBe(400)
  expect(request).toMatchObject({ body: '{"half":' })
  expect(reply).toMatchObject({ body: answer.text })
})
