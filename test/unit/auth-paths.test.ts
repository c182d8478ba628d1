import fc from 'fast-check'
import pMap from 'p-map'
import { describe, expect, test } from 'vitest'
import { type GuardedService, READ, repliesIn, startGuardedService, WRITE, WRITE_BODY } from '../support/guarded-service.ts'
import { ALL_METHODS, hostileTargets } from '../support/hostile-targets.ts'
import { bearer } from '../support/key-holders.ts'
import { requestText } from '../support/raw-client.ts'

const AT_ONCE = 32
const PLAIN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const OTHER_METHODS = ALL_METHODS.filter((method) => !PLAIN_METHODS.includes(method))
const HEALTH = /\r\n\r\n\{"status":"(live|ready)"\}$/

type Attempt = { method: string; target: string; status: number; reply: string }

/** Sends a body to write with each method to each target, the methods over one connection; returns every reply. */
async function attempt(
  { exchange }: GuardedService,
  methods: readonly string[],
  targets: readonly string[],
  headers: Record<string, string> = {},
): Promise<Attempt[]> {
  const attempts = await pMap(
    targets,
    async (target) => {
      const requests = methods.map((method, index) => {
        const close = index === methods.length - 1 ? { connection: 'close' } : {}
        return requestText(method, target, { ...close, ...headers }, WRITE_BODY)
      })
      const replies = repliesIn(await exchange(requests.join('')))
      return replies.map((reply, index) => ({ method: methods[index] ?? 'none', target, ...reply }))
    },
    { concurrency: AT_ONCE },
  )
  return attempts.flat()
}

/** Those that were let in somewhere else than to /health, which says nothing but that it lives. */
function letIn(attempts: readonly Attempt[]): Attempt[] {
  return attempts.filter(({ method, status, reply }) => status < 400 && method !== 'HEAD' && !HEALTH.test(reply))
}

function statusesOf(attempts: readonly Attempt[]): number[] {
  return [...new Set(attempts.map(({ status }) => status))].toSorted()
}

describe('without a key nobody gets in', () => {
  test('by any method and path', async () => {
    const service = await startGuardedService()

    const attempts = await attempt(service, PLAIN_METHODS, hostileTargets)

    expect(letIn(attempts)).toEqual([])
    expect(service.dynamodb.calls()).toEqual([])
    expect(statusesOf(attempts)).toEqual([200, 400, 401])
  })

  test.for(OTHER_METHODS)('by %s', async (method) => {
    const service = await startGuardedService()

    const attempts = await attempt(service, [method], [READ, WRITE, '/health/live', '/no/such/route', '*'])

    expect(attempts).toHaveLength(5)
    expect(statusesOf(attempts).filter((status) => status !== 400 && status !== 401)).toEqual([])
    expect(service.dynamodb.calls()).toEqual([])
  })

  test('by CONNECT, which gets no answer that could be taken for a tunnel', async () => {
    const service = await startGuardedService()

    expect(await attempt(service, ['CONNECT'], ['x:80', READ, 'health/live'])).toEqual([])
  })

  test('by paths that are put together by chance', async () => {
    const service = await startGuardedService()
    const plain = [...'/.;?#%\\:@*&=~', '//', '/..', '%2e', '%2F', '%5C', '%00', '%25', '%61', 'http://x']
    const known = [
      '/api/v1',
      '/get/item',
      '/items',
      '/user',
      '/cat',
      '/health/live',
      '/health',
      '/docs',
      '/openapi.json',
      READ,
      WRITE,
    ]
    const target = fc.array(fc.constantFrom(...plain, ...known), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))

    const attempts = await attempt(service, ['GET', 'POST'], fc.sample(target, 300))

    expect(letIn(attempts)).toEqual([])
    expect(service.dynamodb.calls()).toEqual([])
  })
})

const READS = ['GetItem', 'BatchGetItem', 'Query']

test('with a key that may read nobody writes, by any method and path', async () => {
  const service = await startGuardedService()

  await attempt(service, PLAIN_METHODS, hostileTargets, bearer(service.readKey))

  const operations = service.dynamodb.operations()
  expect(operations.filter((operation) => !READS.includes(operation))).toEqual([])
  expect(operations.length).toBeGreaterThan(10)
})

test('with a key that may write, some of the same paths lead in', async () => {
  const service = await startGuardedService()

  await attempt(service, ['POST'], hostileTargets, bearer(service.writeKey))

  expect(service.dynamodb.operations().filter((operation) => operation === 'UpdateItem').length).toBeGreaterThan(10)
})

test('a key lets in its own request alone, and no other on its connection', async () => {
  const { exchange, writeKey, dynamodb } = await startGuardedService()
  const key = bearer(writeKey)

  const received = await exchange(
    requestText('GET', READ, key) +
      requestText('POST', WRITE, {}, WRITE_BODY) +
      requestText('GET', READ) +
      requestText('GET', '/no/such/route', key) +
      requestText('GET', READ, { connection: 'close' }),
  )

  expect(repliesIn(received).map(({ status }) => status)).toEqual([200, 401, 401, 404, 401])
  expect(dynamodb.operations()).toEqual(['GetItem'])
})
