import { describe, expect, test } from 'vitest'
import { type GuardedService, READ, startGuardedService } from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'

const DOCS = [
  '/docs',
  '/docs/',
  '/docs/json',
  '/docs/static/swagger-initializer.js',
  '/docs/static/swagger-ui.css',
  '/openapi.json',
]

type Operation = { security?: Record<string, unknown>[] }
type Document = {
  components: { securitySchemes?: Record<string, unknown> }
  security?: unknown
  paths: Record<string, Record<string, Operation>>
}

async function statusesOf({ app }: GuardedService, urls: readonly string[], headers: Record<string, string> = {}) {
  return Promise.all(urls.map(async (url) => (await app.inject({ url, headers })).statusCode))
}

describe('switched off, the docs page and the description', () => {
  test('are 401 without a key, as anything that is not there', async () => {
    const service = await startGuardedService({ app: { docs: false } })

    expect(new Set(await statusesOf(service, DOCS))).toEqual(new Set([401]))
  })

  test('are 404 with a key', async () => {
    const service = await startGuardedService({ app: { docs: false } })

    expect(new Set(await statusesOf(service, DOCS, bearer(service.writeKey)))).toEqual(new Set([404]))
  })

  test('are 404 where everybody gets in', async () => {
    const service = await startGuardedService({ app: { docs: false, apiKeys: undefined } })

    expect(new Set(await statusesOf(service, DOCS))).toEqual(new Set([404]))
  })
})

describe('switched on, beside keys', () => {
  test('the docs page and the description are there for everybody, and nothing else is', async () => {
    const service = await startGuardedService({ app: { docs: true } })

    expect(new Set(await statusesOf(service, DOCS))).toEqual(new Set([200]))
    expect(
      await statusesOf(service, [READ, '/', '/doc', '/docsx', '/docs-other', '/Docs', '/openapi.jsonx', '/openapi']),
    ).toEqual(Array.from({ length: 8 }, () => 401))
  })

  test('the page has no file but its own', async () => {
    const { exchange, ...service } = await startGuardedService({ app: { docs: true } })
    const targets = [
      '..%2f..%2f..%2fpackage.json',
      '../../package.json',
      '%2e%2e/%2e%2e/package.json',
      '..%5c..%5cpackage.json',
      '/etc/passwd',
    ]

    const received = await Promise.all(
      targets.flatMap((target) =>
        [`/docs/static/${target}`, `/docs/${target}`].map((path) =>
          exchange(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
        ),
      ),
    )

    expect(received.filter((reply) => !/^HTTP\/1\.1 (400|401|403|404) /.test(reply))).toEqual([])
    expect(received.join('')).not.toMatch(/"version"|root:/)
    expect(service.dynamodb.calls()).toEqual([])
  })

  test('the page has a policy of its own, by which it runs its own scripts alone', async () => {
    const { app } = await startGuardedService({ app: { docs: true } })

    for (const url of ['/docs', '/docs/']) {
      const policy = String((await app.inject(url)).headers['content-security-policy'])
      expect(policy).toMatch(/default-src 'none'/)
      expect(policy).toMatch(/script-src 'self'(;|$)/)
      expect(policy).toMatch(/connect-src 'self'(;|$)/)
      expect(policy).toMatch(/frame-ancestors 'none'/)
    }
  })

  test('the page and the description have the other security headers too', async () => {
    const { app } = await startGuardedService({ app: { docs: true } })
    const expected = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' }

    for (const url of DOCS) expect((await app.inject(url)).headers).toMatchObject(expected)
  })
})

describe('the description', () => {
  async function describedBy(withKeys: boolean): Promise<Document> {
    const { app } = await startGuardedService({ app: { docs: true, ...(withKeys ? {} : { apiKeys: undefined }) } })
    return (await app.inject('/openapi.json')).json<Document>()
  }

  test('names both ways to send a key, and asks for one of them wherever one is needed', async () => {
    const { components, paths } = await describedBy(true)

    expect(components.securitySchemes).toEqual({
      bearer: expect.objectContaining({ type: 'http', scheme: 'bearer' }),
      apiKey: expect.objectContaining({ type: 'apiKey', in: 'header', name: 'x-api-key' }),
    })
    for (const [path, methods] of Object.entries(paths)) {
      const expected = path.startsWith('/health/') ? undefined : [{ bearer: [] }, { apiKey: [] }]
      for (const { security } of Object.values(methods)) expect({ path, security }).toEqual({ path, security: expected })
    }
  })

  test('asks for no key where none is needed', async () => {
    const { components, security, paths } = await describedBy(false)

    expect(components).not.toHaveProperty('securitySchemes')
    expect(security).toBeUndefined()
    expect(JSON.stringify(paths)).not.toContain('"security"')
  })

  test('tells of no key, no name and no hash', async () => {
    const { app, secrets } = await startGuardedService({ app: { docs: true } })

    const { body } = await app.inject('/openapi.json')

    for (const secret of [...secrets, 'model-scoring', 'nightly-job']) expect(body).not.toContain(secret)
  })
})
