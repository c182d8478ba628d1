import { describe, expect, test } from 'vitest'
import { createApiKey, parseApiKeys } from '../../src/api-keys.ts'
import { hashIn } from '../support/key-holders.ts'

const { key: KEY, entry: ENTRY } = createApiKey('scoring', 'read')
const HASH = hashIn(ENTRY)

describe('an entry is refused, with one sentence that says which it is, that has', () => {
  test.for([
    ['no colon', 'scoring'],
    ['no hash', 'scoring:read'],
    ['an empty hash', 'scoring:read:'],
    ['four parts', `${ENTRY}:more`],
    ['a colon behind', `${ENTRY}:`],
    ['an empty name', `:read:${HASH}`],
    ['a name of 65', `${'x'.repeat(65)}:read:${HASH}`],
    ['a name beyond ASCII', `naïve:read:${HASH}`],
    ['a name with a quote', `"scoring:read:${HASH}`],
    ['an empty scope', `scoring::${HASH}`],
    ['a scope in capitals', `scoring:READ:${HASH}`],
    ['a scope that there is not', `scoring:admin:${HASH}`],
    ["a scope of Object's own", `scoring:constructor:${HASH}`],
    ['a hash of 63 digits', `scoring:read:${HASH.slice(1)}`],
    ['a hash of 65 digits', `scoring:read:${HASH}0`],
    ['a hash with a letter beyond f', `scoring:read:g${HASH.slice(1)}`],
    ['the key in place of its hash', `scoring:read:${KEY}`],
  ] as const)('%s', ([, entry]) => {
    const { keys, faults } = parseApiKeys(`good:write:${'a'.repeat(64)},${entry}`)

    expect(keys.map(({ name }) => name)).toEqual(['good'])
    expect(faults).toEqual([expect.stringMatching(/^entry 2\b.*\w/)])
  })
})

test.for(['', ' ', ',', ' ,\n, '])('the list %j has no entry, which is said', (text) => {
  expect(parseApiKeys(text)).toEqual({ keys: [], faults: [expect.stringContaining('no entry')] })
})

test('every bad entry is named, and a repeated key too', () => {
  const { faults } = parseApiKeys(`one,${ENTRY},b:admin:${HASH},c:read:${HASH.toUpperCase()},d:write:12`)

  expect(faults).toHaveLength(4)
  expect(faults.join('\n')).toMatch(/entry 1\b[\s\S]*entry 3 \(b\)[\s\S]*entry 5 \(d\)[\s\S]*\bc has the key of another/)
})

describe('no fault quotes a key or a hash, where', () => {
  test.for([
    ['the hash is too long', `scoring:read:${HASH}0`],
    ['there are four parts', `${ENTRY}:more`],
    ['the key stands in the place of its hash', `scoring:read:${KEY}`],
    ['the key is repeated', `${ENTRY},other:write:${HASH}`],
    ['the scope is left out', `scoring:${HASH}`],
    ['the name is left out', `read:${HASH}`],
    ['name and scope are left out', HASH],
    ['the hash comes first', `${HASH}:read:scoring`],
    ['the hash comes second', `scoring:${HASH}:read`],
    ['the key comes first', `${KEY}:read:scoring`],
    ['the key comes second', `scoring:${KEY}:read`],
    ['an equals sign stands for a colon', `scoring=read=${HASH}`],
  ] as const)('%s', ([, text]) => {
    const { faults } = parseApiKeys(text)

    expect(faults).not.toEqual([])
    expect(faults.join('\n')).not.toContain(HASH)
    expect(faults.join('\n')).not.toContain(KEY)
  })
})

test('a key in the place of the name is no name, so that no log line tells it', () => {
  const { keys, faults } = parseApiKeys(`${KEY}:read:${HASH}`)

  expect(keys).toEqual([])
  expect(faults).toHaveLength(1)
})
