import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { itemTooLarge, refusal, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { deleteEntity, deleteItem, patchItem } from '../support/item-changes.ts'
import { passEverything, type Script, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

type Change = (service: TestService, identifier: string) => ReturnType<TestService['request']>

const CHANGES: [string, Change][] = [
  ['a merge', (service, identifier) => patchItem(service, identifier, 'cat', { f: 2 })],
  ['a delete', (service, identifier) => deleteItem(service, identifier, 'cat')],
  ['a delete of an entity', (service, identifier) => deleteEntity(service, identifier)],
]

const broken = refusal('InternalServerError', 'Internal server error', 500)

/** What befalls the UpdateItem, and what is said of the category. */
const FATES: [string, ScriptedReply, number, ProblemCode, 'failed' | 'unknown'][] = [
  ['is throttled', throttling, 503, 'STORE_THROTTLED', 'failed'],
  ['is refused for a lack of rights', refusal('AccessDeniedException'), 503, 'STORE_UNAVAILABLE', 'failed'],
  ['finds no table', refusal('ResourceNotFoundException'), 503, 'STORE_UNAVAILABLE', 'failed'],
  ['is refused as not valid', refusal('ValidationException'), 500, 'INTERNAL', 'failed'],
  ['is never answered', 'hang', 504, 'DEADLINE_EXCEEDED', 'unknown'],
  ['breaks off', 'reset', 503, 'STORE_UNAVAILABLE', 'unknown'],
  ['is an internal error', broken, 503, 'STORE_UNAVAILABLE', 'unknown'],
  ['is applied and breaks off', 'apply, then reset', 503, 'STORE_UNAVAILABLE', 'unknown'],
  ['is applied and an internal error', { applyThen: broken }, 503, 'STORE_UNAVAILABLE', 'unknown'],
  ['is answered null', { status: 200, text: 'null' }, 503, 'STORE_UNAVAILABLE', 'unknown'],
  ['is answered by a gateway', { status: 404, text: '<html>no such page</html>' }, 503, 'STORE_UNAVAILABLE', 'unknown'],
]

const CASES = CHANGES.flatMap(([what, change]) =>
  FATES.map(([fate, reply, status, code, told]) => ({ what, change, fate, reply, status, code, told })),
)

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: 400 } }))
})

afterAll(async () => {
  await close()
})

function befall(reply: ScriptedReply): Script {
  return ({ operation }) => (operation === 'UpdateItem' ? reply : 'pass')
}

test.for(CASES)(
  '$what whose every attempt $fate is $status and $told',
  async ({ what, change, fate, reply, status, code, told }) => {
    const identifier = `${what} ${fate}`
    dynamodb.use(passEverything)
    await service.write(identifier, { cat: { f: 1 } })
    const before = await service.stored(identifier, 'cat')
    waitBeforeRetries('never')
    dynamodb.use(befall(reply))

    const answer = await change(service, identifier)

    const { results } = expectProblem(answer, status, code)
    expect(results).toEqual({ cat: { status: told, code } })
    dynamodb.use(passEverything)
    if (told === 'failed') expect(await service.stored(identifier, 'cat')).toEqual(before)
  },
)

test.for(CHANGES)('%s that was applied, and is refused after that, is unknown', async ([what, change]) => {
  dynamodb.use(passEverything)
  await service.write(what, { cat: { f: 1 } })
  waitBeforeRetries('never')
  dynamodb.use(({ operation, attempt }) => {
    if (operation !== 'UpdateItem') return 'pass'
    return attempt === 1 ? 'apply, then reset' : refusal('ValidationException')
  })

  const reply = await change(service, what)

  expect(expectProblem(reply, 500, 'INTERNAL').results).toEqual({ cat: { status: 'unknown', code: 'INTERNAL' } })
})

test('a merge that the store finds too large is 413 and failed', async () => {
  dynamodb.use(passEverything)
  await service.write('large', { cat: { f: 1 } })
  dynamodb.use(befall(itemTooLarge))

  const reply = await patchItem(service, 'large', 'cat', { f: 2 })

  const { results } = expectProblem(reply, 413, 'ITEM_TOO_LARGE')
  expect(results).toEqual({ cat: { status: 'failed', code: 'ITEM_TOO_LARGE' } })
})
