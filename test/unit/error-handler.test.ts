import { describe, expect, test } from 'vitest'
import { type ProblemCode, ServiceError, StoreError, ValidationError, WriteError } from '../../src/errors.ts'
import { fetchWhole, startWatchedApp } from '../support/watched-app.ts'

const OF_OURS = /\n {4}at .*error-handler\.test\.ts:\d+/

/** What a client gets when a route throws this, and all that is logged of it. */
async function throwing(error: unknown) {
  const app = await startWatchedApp((bare) => {
    bare.get('/', async () => {
      throw error
    })
  })
  const reply = await fetchWhole(app.url)
  await app.finalRequests()
  const id = reply.headers.get('x-request-id')
  return { reply, lines: app.sink.lines().filter(({ request_id }) => request_id === id), log: app.sink.text() }
}

describe('a failure of ours is logged once, in its request’s own line', () => {
  test('a bug: its stack, of which the client learns nothing', async () => {
    const { reply, lines } = await throwing(new TypeError('password=hunter2'))

    expect(reply).toMatchObject({ status: 500, text: expect.stringContaining('"INTERNAL"') })
    expect(reply.text).not.toContain('hunter2')
    expect(lines).toMatchObject([{ level: 'error', status: 500, error_code: 'INTERNAL', err: { code: 'INTERNAL' } }])
    expect(lines[0]?.err?.stack).toContain('caused by: TypeError: password=hunter2\n    at ')
    expect(lines[0]?.err?.stack).toMatch(OF_OURS)
  })

  test.for([
    ['STORE_THROTTLED', 503],
    ['STORE_UNAVAILABLE', 503],
    ['DEADLINE_EXCEEDED', 504],
  ] as const)('%s: its stack and its causes’ stacks', async ([code, status]) => {
    const cause = new Error('what the SDK threw', { cause: new Error('connect ECONNREFUSED') })

    const { lines } = await throwing(new StoreError(code, 'what the client reads', { cause }))

    expect(lines).toMatchObject([{ level: 'error', status, error_code: code, reason: 'what the client reads', err: { code } }])
    const stack = lines[0]?.err?.stack
    expect(stack).toMatch(/^StoreError: what the client reads\n {4}at /)
    expect(stack).toContain('\ncaused by: Error: what the SDK threw\n    at ')
    expect(stack).toContain('\ncaused by: Error: connect ECONNREFUSED\n    at ')
    expect(stack).toMatch(OF_OURS)
  })

  test('a reply that cannot be written as JSON', async () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const app = await startWatchedApp((bare) => bare.get('/', async () => circular))

    const reply = await fetchWhole(app.url)

    expect(reply.status).toBe(500)
    const stack = expect.stringContaining('Converting circular structure to JSON')
    expect(await app.finalRequests()).toMatchObject([{ level: 'error', status: 500, err: { stack } }])
    expect(app.sink.lines().filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  test.for([
    ['a text', 'hunter2'],
    ['null', null],
    ['an object', { password: 'hunter2' }],
  ] as const)('%s that is no error, without its content', async ([, thrown]) => {
    const { reply, lines, log } = await throwing(thrown)

    expect(reply.status).toBe(500)
    expect(lines).toMatchObject([{ level: 'error', status: 500, error_code: 'INTERNAL' }])
    expect(log).not.toContain('hunter2')
  })
})

describe('a write that failed in several ways', () => {
  const tooLarge = new StoreError('ITEM_TOO_LARGE', 'too large')
  const throttled = new StoreError('STORE_THROTTLED', 'throttled', { cause: new Error('what the SDK threw') })
  const bug = new TypeError('a bug of ours')

  test('has one line, with the stack of each kind of failure once', async () => {
    const failures = [throttled, tooLarge, throttled, bug, throttled]

    const { lines } = await throwing(new WriteError('STORE_THROTTLED', 'five failed', { results: {}, failures }))

    expect(lines).toMatchObject([{ level: 'error', status: 503, error_code: 'STORE_THROTTLED', reason: 'five failed' }])
    expect(lines[0]?.err?.failures).toMatchObject([
      { code: 'STORE_THROTTLED', stack: expect.stringContaining('what the SDK threw\n    at ') },
      { code: 'ITEM_TOO_LARGE', stack: expect.stringMatching(OF_OURS) },
      { type: 'TypeError', stack: expect.stringMatching(OF_OURS) },
    ])
  })

  test('shows the bug among its failures, though its status is none of ours', async () => {
    const { reply, lines } = await throwing(
      new WriteError('ITEM_TOO_LARGE', 'two failed', { results: {}, failures: [tooLarge, bug] }),
    )

    expect(reply.status).toBe(413)
    const failures = [{ code: 'ITEM_TOO_LARGE' }, { message: 'a bug of ours', stack: expect.stringMatching(OF_OURS) }]
    expect(lines).toMatchObject([{ level: 'error', status: 413, err: { failures } }])
  })

  test('is a warning without stacks where all of it is the client’s', async () => {
    const { lines } = await throwing(
      new WriteError('ITEM_TOO_LARGE', 'two failed', { results: {}, failures: [tooLarge, tooLarge] }),
    )

    expect(lines).toMatchObject([{ level: 'warn', status: 413, error_code: 'ITEM_TOO_LARGE', reason: 'two failed' }])
    expect(lines[0]).not.toHaveProperty('err')
  })
})

const OF_CLIENTS = ['EMPTY_BODY', 'ITEM_NOT_FOUND', 'METHOD_NOT_ALLOWED', 'URL_TOO_LONG', 'UNSUPPORTED_MEDIA_TYPE'] as const

describe('what is the client’s', () => {
  test.for(OF_CLIENTS)('%s is a warning with its code and reason, and without a stack', async (code: ProblemCode) => {
    const { lines } = await throwing(new ServiceError(code, 'as it should be', { cause: new Error('unseen') }))

    expect(lines).toMatchObject([{ level: 'warn', error_code: code, reason: 'as it should be' }])
    expect(lines[0]).not.toHaveProperty('err')
  })

  test('what a schema refuses has the first place in its reason', async () => {
    const violations = [
      { path: '$.cat.f', message: 'must not be empty' },
      { path: '$.cat.g', message: 'must not be empty' },
    ]

    const { lines } = await throwing(new ValidationError(violations))

    const reason = '$.cat.f: must not be empty (and 1 more, see errors)'
    expect(lines).toMatchObject([{ level: 'warn', status: 422, error_code: 'VALIDATION_FAILED', reason }])
  })
})
