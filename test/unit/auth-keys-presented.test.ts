import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type GuardedService, READ, startGuardedService, statusesIn } from '../support/guarded-service.ts'
import { parseHeadersOf } from '../support/parse-headers.ts'

type Present = (key: string) => string[]

/** A read with these header lines, exactly as they are. */
async function ask(service: GuardedService, lines: readonly string[], target = READ) {
  return service.exchange(
    ['GET ', target, ' HTTP/1.1\r\nhost: x\r\nconnection: close\r\n', ...lines.map((line) => `${line}\r\n`), '\r\n'].join(''),
  )
}

const accepted: readonly (readonly [string, Present])[] = [
  ['a bearer token', (key) => [`Authorization: Bearer ${key}`]],
  ['a bearer token whose scheme is in small letters', (key) => [`authorization: bearer ${key}`]],
  ['a bearer token whose scheme is in capitals', (key) => [`AUTHORIZATION: BEARER ${key}`]],
  ['a bearer token behind several spaces, and before some', (key) => [`authorization:   Bearer   ${key}   `]],
  ['x-api-key', (key) => [`X-API-Key: ${key}`]],
  ['x-api-key amid white space, which is not part of a header’s value', (key) => [`x-api-key: \t ${key} \t`]],
  ['x-api-key beside credentials of another scheme', (key) => [`x-api-key: ${key}`, 'authorization: Basic dXNlcjpwYXNz']],
  ['x-api-key beside a bearer without a token', (key) => [`x-api-key: ${key}`, 'authorization: Bearer']],
  ['both, the same', (key) => [`x-api-key: ${key}`, `authorization: Bearer ${key}`]],
  ['a good bearer token beside a wrong x-api-key', (key) => ['x-api-key: fs_wrong', `authorization: Bearer ${key}`]],
]

test.for(accepted)('a key gets in as %s', async ([, present]) => {
  const service = await startGuardedService()

  const received = await ask(service, present(service.readKey))

  expect(statusesIn(received)).toEqual([200])
})

const sha256 = (key: string) => createHash('sha256').update(key)

const refused: readonly (readonly [string, Present])[] = [
  ['nothing', () => []],
  ['an empty x-api-key', () => ['x-api-key:']],
  ['an x-api-key of spaces', () => ['x-api-key:    ']],
  ['an empty authorization', () => ['authorization:']],
  ['a bearer without a token', () => ['authorization: Bearer']],
  ['a bearer with spaces for a token', () => ['authorization: Bearer     ']],
  ['a wrong bearer token beside a good x-api-key', (key) => ['authorization: Bearer fs_wrong', `x-api-key: ${key}`]],
  ['the hash', (key) => [`x-api-key: ${sha256(key).digest('hex')}`]],
  ['the hash in base64', (key) => [`x-api-key: ${sha256(key).digest('base64')}`]],
  [
    'the hash as bytes',
    (key) => [
      `x-api-key: ${sha256(key)
        .digest()
        .toString('latin1')
        .replaceAll(/\p{Cc}/gu, '~')}`,
    ],
  ],
  ['the entry of API_KEYS', (key) => [`x-api-key: model-scoring:read:${sha256(key).digest('hex')}`]],
  ['the name of a key', () => ['x-api-key: model-scoring']],
  ['all of a key but its end', (key) => [`x-api-key: ${key.slice(0, -1)}`]],
  ['all of a key but its beginning', (key) => [`x-api-key: ${key.slice(1)}`]],
  ['a key and more', (key) => [`x-api-key: ${key}A`]],
  ['a key in other letters', (key) => [`x-api-key: ${key.toUpperCase()}`]],
  ['a key in quotes', (key) => [`x-api-key: "${key}"`]],
  ['a key, percent-encoded', (key) => [`x-api-key: %66${key.slice(1)}`]],
  ['a key in base64', (key) => [`x-api-key: ${Buffer.from(key).toString('base64')}`]],
  ['a key with a byte beyond ASCII', (key) => [`x-api-key: ${key}\xe9`]],
  ['a key in wide letters', (key) => [`x-api-key: ${Buffer.from(key.replace('f', '\uff46')).toString('latin1')}`]],
  ['a key within a list', (key) => [`x-api-key: ${key}, ${key}`]],
  ['a good key and a wrong one, a header each', (key) => [`x-api-key: ${key}`, 'x-api-key: fs_wrong']],
  ['a wrong key and a good one, a header each', (key) => ['x-api-key: fs_wrong', `x-api-key: ${key}`]],
  ['a good key twice', (key) => [`x-api-key: ${key}`, `x-api-key: ${key}`]],
  [
    'a wrong bearer token and a good one, a header each',
    (key) => ['authorization: Bearer wrong', `authorization: Bearer ${key}`],
  ],
  ['a bearer token with the key behind a wrong one', (key) => [`authorization: Bearer wrong ${key}`]],
  ['a bearer token with a good key before a wrong one', (key) => [`authorization: Bearer ${key} wrong`]],
  ['bearer tokens in a list', (key) => [`authorization: Bearer wrong, Bearer ${key}`]],
  ['a key without a scheme', (key) => [`authorization: ${key}`]],
  ['a key with a colon behind the scheme', (key) => [`authorization: Bearer: ${key}`]],
  ['a scheme that only begins like it', (key) => [`authorization: BearerToken ${key}`]],
  ['a parameter of the scheme', (key) => [`authorization: Bearer token=${key}`]],
  ['Basic, the key as the password', (key) => [`authorization: Basic ${Buffer.from(`api:${key}`).toString('base64')}`]],
  ['Basic, the key as it is', (key) => [`authorization: Basic ${key}`]],
  ['Token', (key) => [`authorization: Token ${key}`]],
  ['ApiKey', (key) => [`authorization: ApiKey ${key}`]],
  ['Digest', (key) => [`authorization: Digest username="model-scoring", response="${key}"`]],
  ['a scheme within x-api-key', (key) => [`x-api-key: Bearer ${key}`]],
  ['a proxy’s credentials', (key) => [`proxy-authorization: Bearer ${key}`]],
  [
    'headers of other names',
    (key) => ['api-key', 'apikey', 'x-apikey', 'x_api_key', 'x-auth-token', 'token'].map((name) => `${name}: ${key}`),
  ],
  ['cookies', (key) => [`cookie: x-api-key=${key}; authorization=Bearer ${key}; api_key=${key}`]],
  ['15 KB', () => [`authorization: Bearer ${'k'.repeat(15_000)}`]],
  ['15 KB of spaces and no token', () => [`authorization: Bearer ${' '.repeat(15_000)}x y`]],
  ['15 KB of keys', (key) => [`x-api-key: ${key.repeat(300)}`]],
]

test.for(refused)('who presents %s does not get in', async ([, present]) => {
  const service = await startGuardedService()

  const received = await ask(service, present(service.readKey))

  expect(statusesIn(received)).toEqual([401])
  expect(parseHeadersOf(received)).toMatchObject({ 'content-type': expect.stringMatching(/^application\/problem\+json/) })
  expect(parseHeadersOf(received)['www-authenticate']).toMatch(/^Bearer realm="[^"]+"/)
  expect(service.dynamodb.calls()).toEqual([])
})

describe('a key does not get in', () => {
  test('in the query', async () => {
    const service = await startGuardedService()
    const key = service.readKey

    const received = await ask(
      service,
      [],
      `${READ}?x-api-key=${key}&access_token=${key}&api_key=${key}&authorization=Bearer%20${key}`,
    )

    expect(statusesIn(received)).toEqual([401])
  })

  test('as user or password of the target', async () => {
    const service = await startGuardedService()

    const received = await ask(service, [], `http://${service.readKey}:${service.readKey}@x${READ}`)

    expect(statusesIn(received)).not.toContain(200)
    expect(service.dynamodb.calls()).toEqual([])
  })
})
