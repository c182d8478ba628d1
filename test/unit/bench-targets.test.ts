import { expect, test } from 'vitest'
import type { PlayedCell, Round } from '../../bench/support/cells.ts'
import type { Measurement } from '../../bench/support/measure.ts'
import { targetsOf } from '../../bench/support/targets.ts'
import { SINGLE_READ, WORKLOADS } from '../../bench/support/workloads.ts'

const NOTHING: Measurement = {
  ...{ requests: 1, cpuUs: 1, perSecond: 1, p50Ms: 1, p99Ms: 1, maxMs: 1, errors: 0, firstError: '', unsent: 0 },
  ...{ cores: 1, generatorCores: 1, storeCores: 1 },
}

/** Rounds in which the bare route takes 1 of everything, and ours what is said. */
function play(cell: Partial<PlayedCell>, ours: readonly Partial<Measurement>[]): PlayedCell {
  const rounds = ours.map((own): Round => {
    return { ours: { ...NOTHING, ...own }, bare: NOTHING, plain: NOTHING, bareSingle: NOTHING }
  })
  return { name: 'single read', workload: SINGLE_READ, connections: 32, ratePerSecond: 0, dynamodbMs: 0, ...cell, rounds }
}

test('a target is met by the median of the rounds', () => {
  const cell = play({}, [{ cpuUs: 2.9 }, { cpuUs: 9 }, { cpuUs: 3 }])

  const [cpu, throughput] = targetsOf([cell])

  expect(cpu).toMatchObject({ limit: '<= 3 x', reached: { median: 3 }, isMet: true })
  expect(throughput).toMatchObject({ limit: '>= 8 x', reached: { median: 1 }, isMet: false })
})

test('the CPU time of a request for many is shared among them', () => {
  const workload = WORKLOADS.find(({ entitiesPerRequest }) => entitiesPerRequest === 100) ?? SINGLE_READ
  const cell = play({ name: workload.name, workload }, [{ cpuUs: 61 }])

  const [perEntity] = targetsOf([cell])

  expect(perEntity).toMatchObject({ reached: { median: 0.61 }, isMet: false })
})

test('an open loop with requests that were not sent in time does not meet its target', () => {
  const open = { dynamodbMs: 3, ratePerSecond: 5000, connections: 256 }

  const [kept] = targetsOf([play(open, [{ p99Ms: 8 }])])
  const [missed] = targetsOf([play(open, [{ p99Ms: 4, unsent: 1 }])])

  expect([kept?.isMet, missed?.isMet]).toEqual([true, false])
})
