import { expect, test } from 'vitest'
import { ServiceError, StoreError, WriteError } from '../../src/errors.ts'
import { fetchWhole, startWatchedApp } from '../support/watched-app.ts'

const ALWAYS_SLOW = { slowRequestMs: 0 }

/** The wide lines of one request that a route answers or throws like this. */
async function linesOf(answer: number | Error, options: { path?: string; level?: string; slowRequestMs?: number } = {}) {
  const { path = '/', ...rest } = options
  const app = await startWatchedApp(
    (bare) =>
      bare.get(path, async (_request, reply) => {
        if (typeof answer !== 'number') throw answer
        return reply.code(answer).send('done')
      }),
    rest,
  )
  await fetchWhole(app.url + path, { redirect: 'manual' })
  return app.finalRequests()
}

test.for([
  [200, 'info'],
  [201, 'info'],
  [302, 'info'],
  [304, 'info'],
  [400, 'warn'],
  [404, 'warn'],
  [413, 'warn'],
  [422, 'warn'],
  [429, 'warn'],
  [500, 'error'],
  [503, 'error'],
  [504, 'error'],
] as const)('status %i is at level %s', async ([status, level]) => {
  expect(await linesOf(status)).toMatchObject([{ status, level }])
})

test.for([
  [200, 'warn'],
  [404, 'warn'],
  [503, 'error'],
] as const)('a slow %i is at level %s, and said to be slow', async ([status, level]) => {
  expect(await linesOf(status, ALWAYS_SLOW)).toMatchObject([{ status, level, slow: true }])
})

test('a bug among the failures of a write is an error, whatever the status', async () => {
  const failures = [new StoreError('ITEM_TOO_LARGE', 'too large'), new TypeError('a bug of ours')]

  const lines = await linesOf(new WriteError('ITEM_TOO_LARGE', 'two failed', { results: {}, failures }))

  expect(lines).toMatchObject([{ level: 'error', status: 413 }])
})

const NOT_READY = new ServiceError('NOT_READY', 'The tables do not answer.')

test.for([
  ['/health/live', 200, {}],
  ['/health/ready', NOT_READY, {}],
  ['/health/live', 200, ALWAYS_SLOW],
] as const)('%s is at level debug, whether it ends well or not (%s, %o)', async ([path, answer, options]) => {
  expect(await linesOf(answer, { path, ...options, level: 'debug' })).toMatchObject([{ level: 'debug', route: path }])
  expect(await linesOf(answer, { path, ...options, level: 'info' })).toEqual([])
})

test.for([
  ['info', [200, 404, 503]],
  ['warn', [404, 503]],
  ['error', [503]],
  ['fatal', []],
  ['silent', []],
] as const)('at level %s these are logged: %j', async ([level, logged]) => {
  const lines = await Promise.all([200, 404, 503].map((status) => linesOf(status, { level })))

  expect(lines.flat().map(({ status }) => status)).toEqual(logged)
})
