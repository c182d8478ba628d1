import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { category, features, identifier } from '../support/arbitrary-features.ts'
import { canonicalJson, memberOf } from '../support/canonical-json.ts'
import { writeMany } from '../support/entity-calls.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

test("names of Object's own members are entities like any other", async () => {
  const sent = `{${PROTOTYPE_NAMES.map((name) => `"${name}":{"cat":{"name":"${name}"}}`).join()}}`

  const reply = await writeMany(service, sent)

  expect({ status: reply.status, text: reply.text }).toMatchObject({ status: 200 })
  const replaced = '{"cat":{"status":"replaced","feature_count":1}}'
  expect(memberOf(reply.text, 'results')).toBe(
    canonicalJson(`{${PROTOTYPE_NAMES.map((name) => `"${name}":${replaced}`).join()}}`),
  )
  for (const name of PROTOTYPE_NAMES) expect((await service.read(name, 'cat')).json).toHaveProperty('features.data', { name })
})

test('what is written of any entities is what is read of each, digit for digit', async () => {
  const body = fc.dictionary(identifier, fc.dictionary(category, features, { minKeys: 1, maxKeys: 3 }), {
    minKeys: 1,
    maxKeys: 4,
  })
  const property = fc.asyncProperty(body, async (written) => {
    const sent = JSON.stringify(written)

    const reply = await writeMany(service, sent)

    expect({ status: reply.status, text: reply.text }).toMatchObject({ status: 200 })
    for (const [id, categories] of Object.entries(written)) {
      for (const name of Object.keys(categories)) {
        const { text } = await service.read(id, name)
        expect(memberOf(text, 'features', 'data')).toBe(memberOf(sent, id, name))
        expect(memberOf(reply.text, 'results', id, name, 'status')).toBe('"replaced"')
      }
    }
  })

  await fc.assert(property, { numRuns: 20, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true })
})
