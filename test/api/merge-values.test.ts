import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Features } from '../../src/features/feature-record.ts'
import { features } from '../support/arbitrary-features.ts'
import { memberOf } from '../support/canonical-json.ts'
import { patchItem } from '../support/item-changes.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const EXACT: [string, string][] = [
  ['beyond a double', '9007199254740993'],
  ['a long fraction', '0.1234567890123456789'],
  ['38 digits', '-12345678901234567890123456789012345678'],
  ['the largest', '9.9999999999999999999999999999999999999e125'],
  ['the smallest', '1e-130'],
  ['in an array', '[1e40,[9007199254740993]]'],
  ['in an object', '{"deep":{"er":0.1234567890123456789}}'],
]

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

async function shown(identifier: string, ...names: string[]): Promise<string | undefined> {
  return memberOf((await service.read(identifier, 'cat')).text, 'features', 'data', ...names)
}

test.for(EXACT)('a number that is merged keeps its digits: %s', async ([what, text]) => {
  await service.write(what, '{"cat":{"before":1}}')

  await patchItem(service, what, 'cat', `{"number":${text}}`)

  expect(await shown(what)).toBe(memberOf(`{"data":{"before":1,"number":${text}}}`, 'data'))
})

test.for(EXACT)('a number beside what is merged keeps its digits: %s', async ([what, text]) => {
  await service.write(`beside ${what}`, `{"cat":{"number":${text}}}`)

  await patchItem(service, `beside ${what}`, 'cat', { added: true })

  expect(await shown(`beside ${what}`, 'number')).toBe(memberOf(`{"number":${text}}`, 'number'))
})

test('sets and binary that another writer stored stay what they are', async () => {
  const data = {
    strings: { SS: ['a', 'b'] },
    numbers: { NS: ['1.5', '9007199254740993'] },
    binary: { B: new Uint8Array([0, 255]) },
    deep: { L: [{ M: { set: { BS: [new Uint8Array([1])] } } }] },
  }
  await service.put({ bright_uid: { S: 'sets' }, category: { S: 'cat' }, features: { M: { data: { M: data } } } })

  const reply = await patchItem(service, 'sets', 'cat', { added: 1 })

  expect(reply.status).toBe(200)
  const stored = (await service.stored('sets', 'cat'))?.features?.M?.data?.M
  expect(stored).toMatchObject({ binary: data.binary, deep: data.deep, added: { N: '1' } })
  // A set has no order.
  expect(stored?.strings?.SS?.toSorted()).toEqual(['a', 'b'])
  expect(stored?.numbers?.NS?.toSorted()).toEqual(['1.5', '9007199254740993'])
})

test('a set is replaced and removed like any other feature', async () => {
  const data = { replaced: { SS: ['a'] }, removed: { NS: ['1'] } }
  await service.put({ bright_uid: { S: 'set-gone' }, category: { S: 'cat' }, features: { M: { data: { M: data } } } })

  await patchItem(service, 'set-gone', 'cat', { replaced: ['b'], removed: null })

  expect(await shown('set-gone')).toBe('{"replaced":["b"]}')
})

test('the deepest value that a write takes is merged', async () => {
  const deep = `${'['.repeat(29)}1${']'.repeat(29)}`
  await service.write('deep', { cat: { before: 1 } })

  const reply = await patchItem(service, 'deep', 'cat', `{"deep":${deep}}`)

  expect(reply.status).toBe(200)
  expect(await shown('deep', 'deep')).toBe(memberOf(`{"deep":${deep}}`, 'deep'))
})

/** What JSON Merge Patch makes of two objects, at the top level. */
function merged(before: Features, patch: Features): Features {
  return Object.fromEntries(
    Object.entries({ ...before, ...patch }).filter(([name, value]) => value !== null || !Object.hasOwn(patch, name)),
  )
}

test('whatever is stored and whatever is merged, the outcome is the RFC’s, digit for digit', async () => {
  let runs = 0
  const patches = features.filter((patch) => Object.keys(patch).length > 0)

  await fc.assert(
    fc.asyncProperty(features, patches, async (before, patch) => {
      runs += 1
      const identifier = `random-${runs}`
      // Half of the patch's names are stored before.
      const stored = { ...before, ...Object.fromEntries(Object.keys(patch).map((name, index) => [name, index % 2 ? 1 : null])) }
      await service.write(identifier, { cat: stored })

      const reply = await patchItem(service, identifier, 'cat', patch)

      expect(reply.status).toBe(200)
      expect(await shown(identifier)).toBe(memberOf(JSON.stringify({ data: merged(stored, patch) }), 'data'))
    }),
    { numRuns: 20 },
  )
})
