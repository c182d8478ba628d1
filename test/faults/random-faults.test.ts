import { expect, test } from 'vitest'
import { FAULT_KINDS, type FaultRates, randomFaults } from '../support/random-faults.ts'
import type { Call, Script } from '../support/scripted-dynamodb.ts'

const CALLS = 2000
const ALL: FaultRates = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0.05]))

function callsFor(identifier: string, operation = 'UpdateItem', count = CALLS): Call[] {
  const Key = { bright_uid: { S: identifier }, category: { S: 'cat' } }
  return Array.from({ length: count }, (_, index) => ({ operation, body: { Key }, number: index + 1, attempt: 1 }))
}

async function fatesOf(script: Script, calls: readonly Call[]): Promise<string[]> {
  const fates: string[] = []
  for (const call of calls) fates.push(JSON.stringify(await script(call)))
  return fates
}

test('the same seed brings the same faults, another seed others', async () => {
  const calls = callsFor('user')

  const fates = await fatesOf(randomFaults({ seed: 1, rates: ALL }), calls)

  expect(await fatesOf(randomFaults({ seed: 1, rates: ALL }), calls)).toEqual(fates)
  expect(await fatesOf(randomFaults({ seed: 2, rates: ALL }), calls)).not.toEqual(fates)
})

test('calls about other keys that come between change no fate', async () => {
  const ours = callsFor('ours', 'UpdateItem', 100)
  const alone = await fatesOf(randomFaults({ seed: 7, rates: ALL }), ours)
  const script = randomFaults({ seed: 7, rates: ALL })

  const together: string[] = []
  for (const call of ours) {
    await fatesOf(script, callsFor('others', 'GetItem', 3))
    together.push(...(await fatesOf(script, [call])))
  }

  expect(together).toEqual(alone)
})

test('each kind comes about as often as its rate says, and without rates everything passes', async () => {
  const throttled = await fatesOf(randomFaults({ seed: 3, rates: { reset: 0.3 } }), callsFor('rates'))
  const none = await fatesOf(randomFaults({ seed: 3, rates: {} }), callsFor('rates'))

  const share = throttled.filter((fate) => fate === '"reset"').length / CALLS
  expect(share).toBeGreaterThan(0.25)
  expect(share).toBeLessThan(0.35)
  expect(new Set(none)).toEqual(new Set(['"pass"']))
})

test.for(['UpdateItem', 'GetItem'])('{} is no fault of %s, which takes it for an answer', async (operation) => {
  const fates = await fatesOf(randomFaults({ seed: 4, rates: ALL }), callsFor('lies', operation))

  expect(fates.filter((fate) => fate.includes('"text":"{}"'))).toEqual([])
  expect(fates.filter((fate) => fate.includes('"text":"null"'))).not.toEqual([])
})

test('what makes and describes tables always passes', async () => {
  const fates = await fatesOf(randomFaults({ seed: 5, rates: { reset: 1 } }), callsFor('tables', 'DescribeTable'))

  expect(new Set(fates)).toEqual(new Set(['"pass"']))
})
