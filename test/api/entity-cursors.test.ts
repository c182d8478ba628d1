import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeCursor } from '../../src/features/page-cursor.ts'
import { categoriesOf, firstCursor, type Page, readPage } from '../support/entity-calls.ts'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

const BODY = { a: { f: 1 }, b: { f: 2 }, c: { f: 3 }, '🦊': { f: 4 } }
const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. ~%'

let fleet: ServiceFleet
let service: TestService
let cursor: string

beforeAll(async () => {
  fleet = await startFleet()
  service = fleet.observer
  for (const identifier of ['owner', 'other', 'owne']) await service.write(identifier, BODY)
  await service.write('owner', BODY, 'account_id')
  cursor = await firstCursor(service, 'owner')
})

afterAll(async () => {
  await fleet.close()
})

/** Reads by a cursor that must be refused, and says nothing of what is stored. */
async function expectForged(forged: string, identifier = 'owner', query: Record<string, string> = {}): Promise<void> {
  const reply = await readPage(service, identifier, { ...query, cursor: forged })

  expectWholeProblem(reply, { status: 422, code: 'VALIDATION_FAILED', instance: `/api/v1/get/item/${identifier}` })
  expect(reply.json).toHaveProperty('errors.0.path', 'cursor')
}

test('a cursor goes on where its page ended, as often as it is used and whatever the limit', async () => {
  const pages = await Promise.all([1, 2, 3, 100].map((limit) => readPage(service, 'owner', { limit, cursor })))

  expect(pages.map(({ json }) => categoriesOf([json as Page]))).toStrictEqual([
    ['b'],
    ['b', 'c'],
    ['b', 'c', '🦊'],
    ['b', 'c', '🦊'],
  ])
})

test('a cursor of one process is good for another', async () => {
  const another = await fleet.start()

  const reply = await readPage(another, 'owner', { cursor })

  expect(categoriesOf([reply.json as Page])).toStrictEqual(['b', 'c', '🦊'])
})

test('a cursor can stand in a URL as it is', () => {
  expect(encodeURIComponent(cursor)).toBe(cursor)
})

test('a cursor of another entity is refused, though it names the same category', async () => {
  await expectForged(cursor, 'other')
  await expectForged(cursor, 'owne')
  await expectForged(cursor, 'nobody')
  await expectForged(await firstCursor(service, 'other'))
})

test('a cursor of the other table is refused, though it is of the same identifier', async () => {
  await expectForged(cursor, 'owner', { table_type: 'account_id' })
  await expectForged(await firstCursor(service, 'owner', { limit: 1, table_type: 'account_id' }))
})

test('a cursor of which any character was changed is refused', async () => {
  for (const [index, character] of [...cursor].entries()) {
    for (const changed of ['A', 'z', '0', '_'].filter((one) => one !== character)) {
      await expectForged(cursor.slice(0, index) + changed + cursor.slice(index + 1))
    }
  }
})

test('there is one spelling of a cursor', async () => {
  for (const last of [...CHARACTERS].filter((one) => one !== cursor.at(-1))) await expectForged(cursor.slice(0, -1) + last)
  for (const added of CHARACTERS) {
    await expectForged(cursor + added)
    await expectForged(added + cursor)
  }
  for (const spelling of [`${cursor}==`, `${cursor}\n`, ` ${cursor}`, cursor.toUpperCase(), cursor.toLowerCase()]) {
    await expectForged(spelling)
  }
})

test('a part of a cursor is refused, and so is one cursor twice', async () => {
  for (let length = 1; length < cursor.length; length += 1) {
    await expectForged(cursor.slice(0, length))
    await expectForged(cursor.slice(length))
  }
  await expectForged(cursor + cursor)
  await expectForged([...cursor].reverse().join(''))
})

const KEY = { bright_uid: { S: 'owner' }, category: { S: 'a' } }
const GUESSES = [
  'a',
  'b',
  '🦊',
  'null',
  '1',
  '{}',
  '[]',
  '"a"',
  JSON.stringify(KEY),
  JSON.stringify(['owner', 'a']),
  '__proto__',
  '\u0000',
]

test.for(GUESSES)('what a client makes up itself is refused: %s', async (guess) => {
  await expectForged(guess)
  await expectForged(Buffer.from(guess).toString('base64url'))
  await expectForged(Buffer.from(guess).toString('base64'))
  await expectForged(Buffer.from(guess).toString('hex'))
})

test.for(['', '%00', '%FF', '+', 'A'.repeat(5000)])('the cursor %s is refused', async (forged) => {
  const reply = await service.request('GET', `/api/v1/get/item/owner?cursor=${forged}`)

  expect(reply).toMatchObject({ status: 422, json: { errors: [{ path: 'cursor' }] } })
})

test('two cursors are refused', async () => {
  const reply = await service.request('GET', `/api/v1/get/item/owner?cursor=${cursor}&cursor=${cursor}`)

  expect(reply).toMatchObject({ status: 422, json: { errors: [{ path: 'cursor' }] } })
})

test('a cursor works behind the longest category, and for the longest identifier', async () => {
  const identifier = '🦊'.repeat(512)
  const categories = ['x', 'y'].map((letter) => letter.repeat(1024))
  await service.write(identifier, Object.fromEntries(categories.map((category) => [category, { f: 1 }])))

  const next = await readPage(service, identifier, { cursor: await firstCursor(service, identifier) })

  expect(categoriesOf([next.json as Page])).toStrictEqual([categories[1]])
})

test.for([
  ['longer than a category can be', 'c'.repeat(1025)],
  ['longer in bytes than a category can be', '🦊'.repeat(257)],
])('a cursor made by whoever knows how they are made, of a name %s, is refused like any other', async ([_, name]) => {
  await expectForged(encodeCursor({ tableType: 'bright_uid', identifier: 'owner' }, String(name)))
})
