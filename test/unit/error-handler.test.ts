import Fastify from 'fastify'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { ServiceError, StoreError, WriteError } from '../../src/errors.ts'
import { errorHandlerPlugin } from '../../src/plugins/error-handler.ts'

type Line = { level: number; code?: string; err?: { stack: string } }

const ERROR = pino.levels.values.error
const WARN = pino.levels.values.warn

/** What a client gets and what is logged when a route throws this. */
async function throwing(error: unknown) {
  const lines: Line[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const app = Fastify({ loggerInstance: logger })
  onTestFinished(() => app.close())
  await app.register(errorHandlerPlugin)
  app.get('/', async () => {
    throw error
  })
  const reply = await app.inject('/')
  return { reply, failures: lines.filter((line) => line.code !== undefined) }
}

test('of a write that failed in several ways, each way is logged with its stack, whatever the status', async () => {
  const tooLarge = new StoreError('ITEM_TOO_LARGE', 'too large')
  const throttled = new StoreError('STORE_THROTTLED', 'throttled', { cause: new Error('ThrottlingException of the SDK') })
  const bug = new TypeError('a bug of ours')
  const error = new WriteError('ITEM_TOO_LARGE', 'three failed', {}, [tooLarge, throttled, bug, throttled])

  const { reply, failures } = await throwing(error)

  expect(reply.statusCode).toBe(413)
  expect(failures).toMatchObject([
    { level: WARN, code: 'STORE_THROTTLED', err: { stack: expect.stringContaining('ThrottlingException of the SDK') } },
    { level: ERROR, code: 'INTERNAL', err: { stack: expect.stringContaining('a bug of ours') } },
  ])
})

test('a bug is an error in the log and tells the client nothing', async () => {
  const { reply, failures } = await throwing(new Error('password=hunter2'))

  expect(reply.json()).toMatchObject({ status: 500, code: 'INTERNAL' })
  expect(reply.body).not.toContain('hunter2')
  expect(failures).toMatchObject([{ level: ERROR, err: { stack: expect.stringContaining('hunter2') } }])
})

test.for(['ITEM_NOT_FOUND', 'VALIDATION_FAILED', 'NOT_READY'] as const)(
  '%s is no failure of ours and is not logged as one',
  async (code) => {
    const { failures } = await throwing(new ServiceError(code, 'as it should be'))

    expect(failures).toEqual([])
  },
)
