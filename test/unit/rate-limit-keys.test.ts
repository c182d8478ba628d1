import { expect, test } from 'vitest'
import { createApiKey, parseApiKeys } from '../../src/api-keys.ts'
import {
  FILTER,
  type GuardedService,
  READ,
  readTimes,
  startGuardedService,
  WRITE,
  WRITE_BODY,
} from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'

function limitedTo(rateLimitPerMinute: number): Promise<GuardedService> {
  return startGuardedService({ app: { rateLimitPerMinute } })
}

test('a key at its limit leaves others alone', async () => {
  const service = await limitedTo(2)

  const first = await readTimes(service, 3, bearer(service.readKey))
  const second = await readTimes(service, 3, bearer(service.writeKey))

  expect([first, second]).toEqual([
    [200, 200, 429],
    [200, 200, 429],
  ])
})

test('two keys of one name share its limit', async () => {
  const [before, after] = [createApiKey('scoring', 'read'), createApiKey('scoring', 'write')]
  const { keys } = parseApiKeys(`${before.entry},${after.entry}`)
  const service = await startGuardedService({ app: { apiKeys: keys, rateLimitPerMinute: 2 } })

  const statuses = [
    ...(await readTimes(service, 1, bearer(before.key))),
    ...(await readTimes(service, 1, { 'x-api-key': after.key })),
    ...(await readTimes(service, 1, bearer(before.key))),
    ...(await readTimes(service, 1, bearer(after.key))),
  ]

  expect(statuses).toEqual([200, 200, 429, 429])
})

test('a key has one limit for all that it does', async () => {
  const service = await limitedTo(4)
  const headers = bearer(service.writeKey)

  const statuses = []
  for (const request of [
    { url: READ },
    { method: 'HEAD', url: READ },
    { method: 'POST', url: FILTER, payload: { cat: [] } },
    { method: 'POST', url: WRITE, payload: JSON.parse(WRITE_BODY) },
    { url: `${READ}?other` },
    { method: 'POST', url: WRITE, payload: JSON.parse(WRITE_BODY) },
  ] as const) {
    statuses.push((await service.app.inject({ ...request, headers })).statusCode)
  }

  expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
})

test('requests that did not get in count against nobody', async () => {
  const service = await limitedTo(2)
  await readTimes(service, 20, {})
  await readTimes(service, 20, bearer('fs_wrong'))
  await service.app.inject({ method: 'POST', url: WRITE, headers: bearer(service.readKey), payload: {} })

  const none = await readTimes(service, 1, {})
  const statuses = await readTimes(service, 3, bearer(service.readKey))

  expect([...none, ...statuses]).toEqual([401, 200, 200, 429])
})

test('no address or header changes whose limit it is', async () => {
  const service = await limitedTo(2)

  const statuses = []
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
    const headers = { ...bearer(service.readKey), 'x-forwarded-for': address, 'x-api-key': address, 'user-agent': address }
    const { statusCode } = await service.app.inject({ url: READ, headers, remoteAddress: address })
    statuses.push(statusCode)
  }

  expect(statuses).toEqual([200, 200, 429])
})
