import { expect, test } from 'vitest'
import { askedOf, batch, refusal } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { startScriptedService } from '../support/scripted-service.ts'

const CATEGORIES = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`category-${index}`, []]))

test('a read of which one batch was refused asks no more for the others, which are never processed', async () => {
  const { service, dynamodb } = await startScriptedService((call) => {
    const { table, categories } = askedOf(call)
    return categories.length === 100 ? refusal('AccessDeniedException') : batch(table, [], categories)
  })

  expectProblem(await service.filter('user', CATEGORIES), 503, 'STORE_UNAVAILABLE')

  // Asked for again after 400 ms at most.
  let callsBefore = -1
  async function isQuiet(): Promise<boolean> {
    const wasQuiet = callsBefore === dynamodb.calls().length
    callsBefore = dynamodb.calls().length
    return wasQuiet
  }
  await expect.poll(isQuiet, { interval: 500, timeout: 5000 }).toBe(true)
})
