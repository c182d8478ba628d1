import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { patchItem } from '../support/item-changes.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.write('owner', { cat: { kept: 1 } })
})

afterAll(async () => {
  await service.close()
})

/** A patch that removes features whose names are so long. */
function removalOf(count: number, nameBytes: number): Record<string, null> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}-`.padEnd(nameBytes, 'x'), null]))
}

test.for([
  [16, 65_000],
  [100, 10_400],
  [400, 2_500],
] as const)('%i features with names of %i bytes are removed at once', async ([count, nameBytes]) => {
  const reply = await patchItem(service, 'owner', 'cat', removalOf(count, nameBytes))

  expect(reply).toMatchObject({ status: 200, json: { results: { cat: { removed_count: count } } } })
})

test.for([
  [17, 65_000],
  [100, 10_600],
  [400, 2_700],
] as const)(
  '%i with names of %i bytes, which DynamoDB does not take in one update, are refused with advice',
  async ([count, nameBytes]) => {
    const before = await service.dump()

    const reply = await patchItem(service, 'owner', 'cat', removalOf(count, nameBytes))

    expectProblem(reply, 422, 'VALIDATION_FAILED')
    expect(reply.json).toMatchObject({ errors: [{ path: '$', message: expect.stringMatching(/whole/) }] })
    expect(await service.dump()).toBe(before)
  },
)
