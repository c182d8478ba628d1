import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { passEverything, type Script } from '../support/scripted-dynamodb.ts'
import { startFleet } from '../support/service-fleet.ts'

const holdWrites: Script = ({ operation }) => (operation === 'UpdateItem' ? 'hold' : 'pass')

test('a write acknowledged after one that began later was given up on is not undone by its late attempt', async () => {
  const fleet = await startFleet()
  onTestFinished(fleet.close)
  const identifier = randomUUID()
  let nowMs = Date.now()
  const clock = { now: () => new Date(nowMs) }
  const patient = await fleet.start(clock)
  fleet.dynamodb.use(holdWrites)
  const acknowledged = patient.write(identifier, { cat: { value: 'acknowledged' } })
  const [earlier] = await fleet.dynamodb.holding(1)
  nowMs += 1000
  const given = new AbortController()
  const address = await patient.app.listen({ host: '127.0.0.1', port: 0 })
  const givenUp = fetch(`${address}/api/v1/items/${identifier}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cat: { value: 'given up' } }),
    signal: given.signal,
  }).catch(() => 'hung up')
  const [, later] = await fleet.dynamodb.holding(2)
  given.abort()
  expect(await givenUp).toBe('hung up')
  await later?.givenUp
  fleet.dynamodb.use(passEverything)
  await earlier?.release()
  expect(await acknowledged).toMatchObject({ status: 200 })

  await later?.release()

  expect((await patient.read(identifier, 'cat')).json).toMatchObject({ features: { data: { value: 'acknowledged' } } })
})
