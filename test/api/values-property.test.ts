import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TABLE_TYPES } from '../../src/features/feature-record.ts'
import { category, features, identifier, numberText } from '../support/arbitrary-features.ts'
import { canonicalJson, memberOf } from '../support/canonical-json.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

// Shrinking a counterexample is cut short, so that it is shown and not the test's own timeout.
const BOUNDS = { numRuns: 150, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: true }

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

test('what is written is what is read, digit for digit, under any identifier and category', async () => {
  const body = fc.dictionary(category, features, { minKeys: 1, maxKeys: 3 })
  const property = fc.asyncProperty(identifier, body, fc.constantFrom(...TABLE_TYPES), async (id, written, tableType) => {
    const sent = JSON.stringify(written)

    const reply = await service.write(id, sent, tableType)

    expect({ status: reply.status, text: reply.text }).toMatchObject({ status: 200 })
    const all = Object.fromEntries(Object.keys(written).map((name) => [name, []]))
    const several = await service.filter(id, all, tableType)
    for (const name of Object.keys(written)) {
      const single = await service.read(id, name, tableType)
      const expected = memberOf(sent, name)
      expect(memberOf(single.text, 'features', 'data')).toBe(expected)
      expect([memberOf(single.text, tableType), memberOf(single.text, 'category')]).toEqual(
        [id, name].map((key) => JSON.stringify(key)),
      )
      expect(memberOf(several.text, 'items', name, 'features', 'data')).toBe(expected)
    }
  })

  await fc.assert(property, BOUNDS)
})

test('features asked for by name come back alone, and a name that is not stored is listed as missing', async () => {
  const body = fc.tuple(
    features,
    fc.array(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 3 }),
    fc.infiniteStream(fc.boolean()),
  )
  const property = fc.asyncProperty(identifier, category, body, async (id, name, [stored, others, choices]) => {
    expect(await service.write(id, JSON.stringify({ [name]: stored }))).toMatchObject({ status: 200 })
    const wanted = Object.keys(stored).filter(() => choices.next().value)
    const missing = [...new Set(others)].filter((other) => !Object.hasOwn(stored, other))
    const expected = Object.fromEntries(wanted.map((feature) => [feature, stored[feature] ?? null]))
    const names = [...wanted, ...missing, 'never stored: 🦊', ...wanted]

    const reply = await service.filter(id, { [name]: names })

    expect(memberOf(reply.text, 'items', name, 'features', 'data')).toBe(canonicalJson(JSON.stringify(expected)))
    expect(memberOf(reply.text, 'missing_features', name)).toBe(JSON.stringify([...missing, 'never stored: 🦊']))
  })

  await fc.assert(property, BOUNDS)
})

test('a number of at most 38 digits in the range of DynamoDB comes back as the same decimal', async () => {
  const property = fc.asyncProperty(fc.array(numberText, { minLength: 40, maxLength: 40 }), async (texts) => {
    const sent = `[${texts.join(',')}]`
    expect(await service.write('numbers', `{"cat":{"all":${sent}}}`)).toMatchObject({ status: 200 })

    const reply = await service.read('numbers', 'cat')

    expect(memberOf(reply.text, 'features', 'data', 'all')).toBe(canonicalJson(sent))
  })

  await fc.assert(property, BOUNDS)
})
