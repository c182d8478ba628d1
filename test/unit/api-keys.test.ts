import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type ApiKey, createApiKey, createKeyring, parseApiKeys } from '../../src/api-keys.ts'
import { hashIn } from '../support/key-holders.ts'

const HASH = 'a'.repeat(64)
const OTHER_HASH = 'b'.repeat(64)

/** Names and scopes of what a list was read as. */
function read(text: string) {
  return parseApiKeys(text).keys.map(({ name, scope }) => `${name} ${scope}`)
}

describe('a list of keys', () => {
  test.for([
    ['commas', `a:read:${HASH},b:write:${OTHER_HASH}`],
    ['spaces', `a:read:${HASH} b:write:${OTHER_HASH}`],
    ['line breaks', `\n  a:read:${HASH}\n  b:write:${OTHER_HASH}\n`],
    ['Windows line breaks and tabs', `\ta:read:${HASH}\r\n\tb:write:${OTHER_HASH}\r\n`],
    ['commas before, between and behind', `, a:read:${HASH} ,, b:write:${OTHER_HASH} ,`],
  ] as const)('may be joined by %s', ([, text]) => {
    expect(read(text)).toEqual(['a read', 'b write'])
    expect(parseApiKeys(text).faults).toEqual([])
  })

  test('takes a hash in either case', () => {
    expect(read(`a:read:${HASH.toUpperCase()}`)).toEqual(['a read'])
  })

  test('may have two keys of one name, and of two scopes', () => {
    expect(read(`a:read:${HASH},a:write:${OTHER_HASH}`)).toEqual(['a read', 'a write'])
  })

  test.for(['A-z_0.9', 'x', 'x'.repeat(64)])('takes the name %s', (name) => {
    expect(read(`${name}:read:${HASH}`)).toEqual([`${name} read`])
  })
})

describe('a key', () => {
  test('lets in by the entry that was made with it, and by no other', () => {
    const { key, entry } = createApiKey('scoring', 'read')

    const find = createKeyring(parseApiKeys(entry).keys)

    expect(find(key)).toMatchObject({ name: 'scoring', scope: 'read' })
    expect(find(createApiKey('scoring', 'read').key)).toBeUndefined()
    expect(find(hashIn(entry))).toBeUndefined()
  })

  test('is made anew each time, of 256 bits, in characters that any header and shell take', () => {
    const keys = Array.from({ length: 1000 }, () => createApiKey('scoring', 'write').key)

    expect(new Set(keys).size).toBe(1000)
    for (const key of keys) expect(key).toMatch(/^fs_[A-Za-z0-9_-]{43}$/)
  })

  test('is known by the SHA-256 that any tool computes of it', () => {
    const { key, entry } = createApiKey('scoring', 'write')

    expect(entry).toBe(`scoring:write:${createHash('sha256').update(key).digest('hex')}`)
  })

  test.for(['', 'a b', 'a:b', 'a,b', 'naïve', 'x'.repeat(65), 'a\nb'])('is not made for the name %j', (name) => {
    expect(() => createApiKey(name, 'read')).toThrow(RangeError)
  })

  test.for(['', 'READ', 'admin', 'read,write', 'constructor'])('is not made for the scope %j', (scope) => {
    expect(() => createApiKey('a', scope)).toThrow(RangeError)
  })
})

describe('of many keys', () => {
  const made = Array.from({ length: 100 }, (_, index) => createApiKey(`client-${index}`, index % 2 === 0 ? 'read' : 'write'))
  const { keys } = parseApiKeys(made.map(({ entry }) => entry).join(' '))

  test('each finds its own entry', () => {
    const find = createKeyring(keys)

    expect(made.map(({ key }) => find(key)?.name)).toEqual(made.map((_, index) => `client-${index}`))
  })

  // How long a search takes must not tell where it ended: it ends nowhere before the last.
  test.for([
    ['the first', made[0]?.key],
    ['the last', made.at(-1)?.key],
    ['none', 'fs_unknown'],
  ] as const)('every one is compared, where %s is presented', ([, presented = '']) => {
    const compared: string[] = []
    const watched = keys.map(
      ({ name, scope, sha256 }): ApiKey => ({
        name,
        scope,
        get sha256() {
          compared.push(name)
          return sha256
        },
      }),
    )

    createKeyring(watched)(presented)

    expect(compared).toEqual(keys.map(({ name }) => name))
  })
})
