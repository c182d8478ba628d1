import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { patchItem } from '../support/item-changes.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'

type Patch = Record<string, number | null>

// Enough for a stream's update; 4 KB of expression hold more.
const AT_LEAST = 100
const TOO_MANY = 1000

const KINDS: [string, (index: number) => number | null][] = [
  ['set', (index) => index],
  ['removed', () => null],
  ['set and removed', (index) => (index % 2 === 0 ? index : null)],
]

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

function patchOf(count: number, valueAt: (index: number) => number | null): Patch {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`feature_${index}`, valueAt(index)]))
}

/** The most features of a kind that a patch may have, by trying. */
async function findLargest(valueAt: (index: number) => number | null): Promise<number> {
  let largest = 0
  for (let refused = TOO_MANY; refused - largest > 1; ) {
    const middle = Math.floor((largest + refused) / 2)
    const { status } = await patchItem(service, 'tried', 'cat', patchOf(middle, valueAt))
    if (status === 200) largest = middle
    else refused = middle
  }
  return largest
}

function withoutNulls(patch: Patch): Patch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
}

function dataOf(item: Item | undefined): Patch {
  const data = Object.entries(item?.features?.M?.data?.M ?? {})
  return Object.fromEntries(data.map(([name, value]) => [name, Number(value.N)]))
}

test.for(KINDS)(
  'as many features as a patch may have are %s in one, one more is refused with advice',
  async ([kind, valueAt]) => {
    const before = Object.fromEntries(Array.from({ length: TOO_MANY }, (_, index) => [`feature_${index}`, -1]))
    await service.write('tried', { cat: { f: 1 } })
    const largest = await findLargest(valueAt)
    const patch = patchOf(largest, valueAt)
    await service.write(kind, { cat: before })

    const accepted = await patchItem(service, kind, 'cat', patch)
    const creation = await patchItem(service, `created, ${kind}`, 'cat', patch)
    const stored = await service.stored(kind, 'cat')
    const refused = await patchItem(service, kind, 'cat', patchOf(largest + 1, valueAt))

    const sets = Object.values(patch).filter((value) => value !== null).length
    const merged = { status: 'merged', feature_count: sets, removed_count: largest - sets }
    expect(largest).toBeGreaterThanOrEqual(AT_LEAST)
    expect(accepted).toMatchObject({ status: 200, json: { results: { cat: merged } } })
    expect(creation).toMatchObject({ status: 200, json: { results: { cat: merged } } })
    expect(dataOf(stored)).toEqual(withoutNulls({ ...before, ...patch }))
    expect(dataOf(await service.stored(`created, ${kind}`, 'cat'))).toEqual(withoutNulls(patch))
    expectProblem(refused, 422, 'VALIDATION_FAILED')
    expect(refused.json).toMatchObject({ errors: [{ path: '$', message: expect.stringMatching(/whole/i) }] })
    expect(await service.stored(kind, 'cat')).toEqual(stored)
  },
)
