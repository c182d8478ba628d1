import { expect, onTestFinished, test, vi } from 'vitest'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import { type GuardedService, READ, readTimes, startGuardedService } from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'

function limitedTo(rateLimitPerMinute: number): Promise<GuardedService> {
  return startGuardedService({ app: { rateLimitPerMinute, docs: true } })
}

test('without a limit, as many as come are answered, and no header tells of one', async () => {
  const service = await startGuardedService()

  const statuses = await readTimes(service, 100, bearer(service.readKey))
  const { headers } = await service.app.inject({ url: READ, headers: bearer(service.readKey) })

  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(Object.keys(headers).filter((name) => /ratelimit|retry/i.test(name))).toEqual([])
})

test('beyond the limit of a key, the answer is 429 that says when to come again, and the store is not asked', async () => {
  const service = await limitedTo(3)
  const headers = bearer(service.readKey)

  const statuses = await readTimes(service, 3, headers)
  const reply = await service.app.inject({ url: READ, headers })

  expect(statuses).toEqual([200, 200, 200])
  expectWholeProblem(
    { status: reply.statusCode, headers: reply.headers, json: reply.json() },
    { status: 429, code: 'RATE_LIMITED', instance: READ },
  )
  expect(reply.headers['retry-after']).toMatch(/^([1-9]|[1-5]\d|60)$/)
  expect(service.dynamodb.calls()).toHaveLength(3)
})

test('what Retry-After says is true: a second before there is no room, then there is', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const service = await limitedTo(1)
  const headers = bearer(service.readKey)
  await readTimes(service, 1, headers)
  vi.setSystemTime(Date.now() + 17_500)

  const refused = await service.app.inject({ url: READ, headers })
  const seconds = Number(refused.headers['retry-after'])
  vi.setSystemTime(Date.now() + (seconds - 1) * 1000)
  const early = await readTimes(service, 1, headers)
  vi.setSystemTime(Date.now() + 1000)
  const onTime = await readTimes(service, 2, headers)

  expect(seconds).toBe(43)
  expect([...early, ...onTime]).toEqual([429, 200, 429])
})

test('in the last moment of the minute, Retry-After is still a second', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const service = await limitedTo(1)
  await readTimes(service, 1, bearer(service.readKey))
  vi.setSystemTime(Date.now() + 59_999)

  const refused = await service.app.inject({ url: READ, headers: bearer(service.readKey) })

  expect(refused).toMatchObject({ statusCode: 429, headers: { 'retry-after': '1' } })
})

test('/health, the docs page and the description have no limit', async () => {
  const service = await limitedTo(1)
  await readTimes(service, 2, bearer(service.readKey))

  for (const url of ['/health/live', '/health/ready', '/docs/', '/openapi.json']) {
    expect(await readTimes(service, 5, bearer(service.readKey), url)).toEqual([200, 200, 200, 200, 200])
  }
})
