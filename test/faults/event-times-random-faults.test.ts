import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomFaults } from '../support/random-faults.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

type Fate = { status: 'replaced' | 'failed' | 'unknown'; code?: string; stored_event_time?: string }
type Told = { writer: number; status: number; fate: Fate }

const CATEGORIES = Array.from({ length: 4 }, (_, index) => `cat${index}`)
const WRITERS = 10
const RATES = { throttle: 0.04, error: 0.04, reset: 0.03, hang: 0.01, delay: 0.05, applyThenReset: 0.06, applyThenHang: 0.01 }
const MORE_RATES = { applyThenError: 0.04, noAnswer: 0.01, applyThenNoAnswer: 0.01 }

let fleet: ServiceFleet
let service: TestService

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ attemptTimeoutMs: 300, app: { requestTimeoutMs: 3000 } })
})

afterAll(async () => {
  await fleet.close()
})

function timeOf(writer: number): string {
  return new Date(Date.parse('2025-10-07T00:00:00.000Z') + writer * 1000).toISOString()
}

async function write(identifier: string, category: string, writer: number): Promise<Told> {
  const { status, json } = await writeWith(service, identifier, { [category]: { writer } }, { event_time: timeOf(writer) })
  return { writer, status, fate: (json as { results: Record<string, Fate> }).results[category] ?? { status: 'unknown' } }
}

/** All writers of one category at once, in an order without order. */
function writeAll(identifier: string, category: string): Promise<Told[]> {
  return Promise.all(Array.from({ length: WRITERS }, (_, index) => write(identifier, category, (index * 7 + 3) % WRITERS)))
}

/** What was not true of what the writers of one category were told, in words. */
function falsehoods(told: readonly Told[], last: number | undefined): string[] {
  const mayBeStored = told.filter(({ fate }) => fate.status !== 'failed').map(({ writer }) => writer)
  const replaced = told.filter(({ fate }) => fate.status === 'replaced').map(({ writer }) => writer)
  const faults = told.flatMap(({ writer, status, fate: { code, stored_event_time: stored } }) => {
    if (![200, 409, 503, 504].includes(status)) return [`${writer} was answered ${status}`]
    if (code !== 'STALE_WRITE') return []
    const isTrue = mayBeStored.some((other) => other > writer && timeOf(other) === stored)
    return isTrue ? [] : [`${writer} was told that ${stored} is stored`]
  })
  if (last === undefined) return replaced.length > 0 ? [...faults, 'nothing is stored'] : faults
  if (!mayBeStored.includes(last)) faults.push(`${last} is stored, and was told to have failed`)
  return [
    ...faults,
    ...replaced.filter((writer) => writer > last).map((writer) => `${writer} was acknowledged and is not stored`),
  ]
}

test.for([11, 12])(
  'under faults at random every writer is told the truth, and none older than acknowledged stays: seed %i',
  async (seed) => {
    fleet.dynamodb.use(randomFaults({ seed, rates: { ...RATES, ...MORE_RATES } }))

    const told = await Promise.all(CATEGORIES.map((category) => writeAll(`user-${seed}`, category)))

    await fleet.dynamodb.quiet()
    fleet.dynamodb.use(passEverything)
    const stored = await Promise.all(CATEGORIES.map((category) => fleet.observer.stored(`user-${seed}`, category)))
    const last = stored.map((item) => item?.features?.M?.data?.M?.writer?.N)
    const faults = told.flatMap((ones, index) => falsehoods(ones, last[index] === undefined ? undefined : Number(last[index])))
    expect(faults).toEqual([])
    expect(told.flat().filter(({ status }) => status === 409).length).toBeGreaterThan(0)
    expect(told.flat().filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    expect(stored.map((item) => Number(item?.event_time?.N))).toEqual(last.map((writer) => Date.parse(timeOf(Number(writer)))))
  },
)
