import { describe, expect, test } from 'vitest'
import { createApiKey } from '../../src/api-keys.ts'
import { bearer, hashIn } from '../support/key-holders.ts'
import { logToItsEnd, PRODUCTION, requestsOf } from '../support/production-log.ts'
import { launchService, runCli, STACK_LINE, startService } from '../support/service-process.ts'

const { ENVIRONMENT, DYNAMODB_ENDPOINT, EMBEDDED_DATA_DIR } = PRODUCTION
const UNSETTLED = { ENVIRONMENT, DYNAMODB_ENDPOINT, EMBEDDED_DATA_DIR }

describe('production', () => {
  test('does not start while nobody has said who gets in, and says how to', async () => {
    const service = launchService(UNSETTLED)

    expect(await service.exited).toEqual({ code: 1, signal: null })
    expect(service.stderr()).toMatch(/^ *API_KEYS: .*npm run key.*AUTH=off/m)
    expect(service.stderr()).not.toMatch(STACK_LINE)
    expect(service.stdout()).toBe('')
  })

  test('names every bad variable together, and no hash', async () => {
    const { entry } = createApiKey('scoring', 'read')
    const env = {
      API_KEYS: `${entry},x:admin:${hashIn(entry)}`,
      PORT: 'http',
      CORS_ORIGINS: 'here',
      RATE_LIMIT_PER_MINUTE: 'many',
    }

    const service = launchService({ ...UNSETTLED, ...env })

    expect(await service.exited).toEqual({ code: 1, signal: null })
    for (const name of Object.keys(env)) expect(service.stderr()).toMatch(new RegExp(`^ *${name}: .`, 'm'))
    expect(service.output()).not.toContain(hashIn(entry))
  })

  test('creates its tables without keys', async () => {
    const { code, stdout, stderr } = await runCli('create-tables.ts', UNSETTLED)

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^features_bright_uid: created\b/m)
  })

  test('with keys lets in who has one, tells its name and no key, and shows its docs page to nobody', async () => {
    const { key, entry } = createApiKey('scoring', 'write')
    const service = await startService({ ...UNSETTLED, API_KEYS: entry, LOG_LEVEL: 'trace' })
    const paths = ['/api/v1/get/item/user/cat', '/health/live', '/docs', '/openapi.json']

    const without = await Promise.all(paths.map(async (path) => (await fetch(service.url + path)).status))
    const withKey = await Promise.all(
      paths.map(async (path) => (await fetch(service.url + path, { headers: bearer(key) })).status),
    )

    const lines = await logToItsEnd(service)
    expect(without).toEqual([401, 200, 401, 401])
    expect(withKey).toEqual([404, 200, 404, 404])
    const named = requestsOf(lines).filter(({ status }) => status === 404)
    expect(named).toMatchObject([{ key: 'scoring' }, { key: 'scoring' }, { key: 'scoring' }])
    expect(service.output()).not.toContain(key)
    expect(service.output()).not.toContain(hashIn(entry))
  })

  test('with DOCS=on and CORS_ORIGINS shows its docs page, and lets in pages of those origins alone', async () => {
    const { key, entry } = createApiKey('scoring', 'read')
    const env = { API_KEYS: entry, DOCS: 'on', CORS_ORIGINS: 'https://a.example,https://b.example', RATE_LIMIT_PER_MINUTE: '2' }
    const { url } = await startService({ ...UNSETTLED, ...env })

    const docs = await Promise.all(['/docs', '/openapi.json'].map(async (path) => (await fetch(url + path)).status))
    const origins = ['https://a.example', 'https://b.example', 'https://c.example']
    const replies = []
    for (const origin of origins) {
      replies.push(await fetch(`${url}/api/v1/get/item/user/cat`, { headers: { origin, ...bearer(key) } }))
    }

    expect(docs).toEqual([200, 200])
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 429])
    const allowed = replies.map(({ headers }) => headers.get('access-control-allow-origin'))
    expect(allowed).toEqual(['https://a.example', 'https://b.example', null])
  })
})

test.for(['development', 'staging'])(
  '%s starts while nobody has said who gets in: everybody does, and the log says so',
  async (stage) => {
    const service = await startService({ ...UNSETTLED, ENVIRONMENT: stage })

    const { status } = await fetch(`${service.url}/api/v1/get/item/user/cat`)

    expect(status).toBe(404)
    expect(service.stdout()).toMatch(/everybody gets in/)
  },
)
