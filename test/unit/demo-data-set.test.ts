import { expect, test } from 'vitest'
import { FEEDS, requestsOf } from '../../src/cli/demo/data-set.ts'
import { KINDS, pickKind } from '../../src/cli/demo/kinds.ts'
import { createRandom } from '../../src/cli/demo/random.ts'
import { percentile } from '../../src/cli/demo/tally.ts'
import { readEntityFeatures } from '../../src/features/check-entities.ts'
import type { Finding } from '../../src/features/finding.ts'
import { parseJsonText } from '../../src/json/parse-json.ts'

const ENTITIES = 300

test('the data set is the same each time', () => {
  for (const feed of FEEDS) expect([...requestsOf(feed, ENTITIES, 50)]).toEqual([...requestsOf(feed, ENTITIES, 50)])
})

test.each(FEEDS)('what $source writes of $category is valid, and as much as it says', (feed) => {
  for (const { body, rows, features } of requestsOf(feed, ENTITIES, 50)) {
    const findings: Finding[] = []
    const entities = readEntityFeatures(parseJsonText(body), findings)

    expect(findings).toEqual([])
    expect(entities.size).toBe(rows)
    const counts = [...entities.values()].map((categories) => categories.get(feed.category)?.members.size ?? 0)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(features)
  }
})

test('each feed reaches about the share of the entities that it is said to have', () => {
  for (const feed of FEEDS) {
    const rows = [...requestsOf(feed, 2000, 50)].reduce((sum, request) => sum + request.rows, 0)
    expect(Math.abs(rows / 2000 - feed.share)).toBeLessThan(0.05)
  }
})

test('the kinds of requests come as often as their weights say', () => {
  const random = createRandom(1)
  const picked = Array.from({ length: 20_000 }, () => pickKind(random))
  const total = KINDS.reduce((sum, { weight }) => sum + weight, 0)

  for (const kind of KINDS) {
    const share = picked.filter((each) => each === kind).length / picked.length
    expect(Math.abs(share - kind.weight / total)).toBeLessThan(0.02)
  }
})

test('a percentile is the smallest duration that so many stay within', () => {
  const durations = Array.from({ length: 100 }, (_, index) => 100 - index)

  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(durations, share))).toEqual([50, 95, 99, 100])
  expect(percentile([], 0.5)).toBeUndefined()
})
