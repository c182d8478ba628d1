import { expect, test } from 'vitest'
import { openConnection, type RawClient, requestText } from '../support/raw-client.ts'
import { startService } from '../support/service-process.ts'

// The service's limit on the arrival of a request's headers, and how often it looks.
const HEADERS_LIMIT_MS = 10_000
const CLOSED_WITHIN_MS = HEADERS_LIMIT_MS + 3000
const STEP_MS = 500
const HEAD = 'GET /health/live HTTP/1.1\r\nhost: test\r\nx-slow: '

/** Sends a byte now and then until the service closes the connection. */
function dribble(client: RawClient): () => void {
  const timer = setInterval(() => client.send('x'), STEP_MS)
  return () => clearInterval(timer)
}

const SLOW: [string, (client: RawClient) => undefined | (() => void)][] = [
  ['sends nothing', () => undefined],
  [
    'sends half its headers',
    (client) => {
      client.send(HEAD)
      return undefined
    },
  ],
  [
    'sends its headers a byte at a time',
    (client) => {
      client.send(HEAD)
      return dribble(client)
    },
  ],
  [
    'sends its second request a byte at a time',
    (client) => {
      client.send(requestText('GET', '/health/live') + HEAD)
      return dribble(client)
    },
  ],
]

test('clients that are slow to send their headers lose their connections, and others are served meanwhile', async () => {
  const { url } = await startService()
  const port = Number(new URL(url).port)
  const startedMs = performance.now()
  const slow = SLOW.map(async ([what, behave]) => {
    const client = await openConnection(port)
    const stop = behave(client)
    const received = await client.all()
    stop?.()
    return { what, received, tookMs: performance.now() - startedMs }
  })
  const steady = await openConnection(port)
  let areSlowOnesThere = true
  const closed = Promise.all(slow).finally(() => {
    areSlowOnesThere = false
  })

  let served = 0
  for (; areSlowOnesThere; served += 1) {
    steady.send(requestText('GET', `/health/live?number=${served}`, { 'x-request-id': `number-${served}` }))
    await steady.received(new RegExp(`number-${served}\\r\\n[^]*"live"\\}`))
    await new Promise((resolve) => setTimeout(resolve, STEP_MS))
  }
  const seen = await closed

  for (const { what, tookMs } of seen) expect(tookMs, what).toBeLessThan(CLOSED_WITHIN_MS)
  expect(
    seen.map(({ what, received }) => [what, [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)]),
  ).toEqual([
    ['sends nothing', []],
    ['sends half its headers', ['408']],
    ['sends its headers a byte at a time', ['408']],
    ['sends its second request a byte at a time', ['200', '408']],
  ])
  // A connection in use is kept, however long.
  expect(served).toBeGreaterThan(HEADERS_LIMIT_MS / STEP_MS / 2)
})
