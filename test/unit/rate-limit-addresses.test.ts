import { describe, expect, test } from 'vitest'
import { type GuardedService, READ, startGuardedService, WRITE, WRITE_BODY } from '../support/guarded-service.ts'

type Visit = { remoteAddress?: string; headers?: Record<string, string> }

function openTo(trustProxy: boolean | string[] = false, rateLimitPerMinute = 1): Promise<GuardedService> {
  return startGuardedService({ app: { apiKeys: undefined, rateLimitPerMinute, trustProxy } })
}

/** Reads once for each visit, one after the other; returns the statuses. */
async function visit({ app }: GuardedService, visits: readonly Visit[]): Promise<number[]> {
  const statuses: number[] = []
  for (const from of visits) statuses.push((await app.inject({ url: READ, ...from })).statusCode)
  return statuses
}

const from = (remoteAddress: string): Visit => ({ remoteAddress })
const forwarded = (address: string, remoteAddress = '127.0.0.1'): Visit => ({
  remoteAddress,
  headers: { 'x-forwarded-for': address },
})

test('without keys, each address has its own limit', async () => {
  const service = await openTo(false, 2)

  const statuses = await visit(service, [
    from('10.0.0.1'),
    from('10.0.0.1'),
    from('10.0.0.1'),
    from('10.0.0.2'),
    from('10.0.0.1'),
  ])

  expect(statuses).toEqual([200, 200, 429, 200, 429])
})

test('without keys, what a request says of itself does not change whose limit it is', async () => {
  const service = await openTo()
  const claims = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'x-client-ip', 'x-api-key', 'authorization']

  const statuses = await visit(
    service,
    claims.map((name, index) => ({ headers: { [name]: name === 'forwarded' ? `for=10.0.0.${index}` : `10.0.0.${index}` } })),
  )

  expect(statuses).toEqual([200, ...claims.slice(1).map(() => 429)])
})

test('an address written in two ways is one, over IPv6 too', async () => {
  const service = await openTo()

  const statuses = await visit(service, [from('10.0.0.1'), from('::ffff:10.0.0.1'), from('::ffff:10.0.0.2'), from('10.0.0.2')])

  expect(statuses).toEqual([200, 429, 200, 429])
})

test('an IPv6 client has one limit for all the addresses of its network', async () => {
  const service = await openTo()

  const statuses = await visit(service, [from('2001:db8::1'), from('2001:db8::2'), from('2001:db8:0:1::1')])

  expect(statuses).toEqual([200, 429, 200])
})

describe('behind a proxy', () => {
  test('that is trusted, each of its clients has its own limit', async () => {
    const service = await openTo(['loopback'])

    const statuses = await visit(service, [forwarded('203.0.113.1'), forwarded('203.0.113.2'), forwarded('203.0.113.1')])

    expect(statuses).toEqual([200, 200, 429])
  })

  test('that is trusted, addresses that a client puts before its own change nothing', async () => {
    const service = await openTo(['loopback'])

    const statuses = await visit(service, [
      forwarded('203.0.113.1'),
      forwarded('198.51.100.1, 203.0.113.1'),
      forwarded('198.51.100.2,203.0.113.1'),
      forwarded('127.0.0.1, 203.0.113.1'),
      forwarded('nonsense, 203.0.113.1'),
    ])

    expect(statuses).toEqual([200, 429, 429, 429, 429])
  })

  test('that is not trusted, all of its clients are one', async () => {
    const service = await openTo(['10.0.0.0/8'])

    const statuses = await visit(service, [forwarded('203.0.113.1', '192.0.2.1'), forwarded('203.0.113.2', '192.0.2.1')])

    expect(statuses).toEqual([200, 429])
  })

  test.for([
    ['a word', 'nonsense'],
    ['nothing', ''],
    ['commas', ', ,'],
    ['a port', '203.0.113.1:4711'],
    ['an IPv6 address in brackets', '[2001:db8::1]:80'],
    ['8,000 letters', 'x'.repeat(8000)],
  ] as const)('that everybody is, %s in place of an address is answered all the same', async ([, address]) => {
    const service = await openTo(true, 10)

    expect(await visit(service, [forwarded(address)])).toEqual([200])
  })
})

test('a write beyond the limit is not written', async () => {
  const { app, dynamodb } = await openTo()
  const write = () => app.inject({ method: 'POST', url: WRITE, payload: JSON.parse(WRITE_BODY) })

  const statuses = [(await write()).statusCode, (await write()).statusCode]

  expect(statuses).toEqual([200, 429])
  expect(dynamodb.operations()).toEqual(['UpdateItem'])
})
