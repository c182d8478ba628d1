import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const DYNAMODB = new URL('../../src/dynamodb/', import.meta.url)

/** What each room of src/dynamodb may import of the others; the files at the top are made of all of them. */
const ROOMS: [string, string[]][] = [
  ['http', []],
  ['wire', ['http']],
  ['items', []],
  ['calls', ['wire', 'items']],
  ['reads', ['calls', 'items']],
  ['writes', ['calls', 'items']],
]

/** The rooms of src/dynamodb, `.` for its top, that the files of one import. */
function importsOf(room: string): Set<string> {
  const folder = new URL(`${room}/`, DYNAMODB)
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
  const paths = texts.flatMap((text) => [...text.matchAll(/from '\.\.\/(?!\.\.)([^']+)'/g)].map(([, path]) => path ?? ''))
  return new Set(paths.map((path) => (path.includes('/') ? (path.split('/')[0] ?? '') : `./${path}`)))
}

test.for(ROOMS)('src/dynamodb/%s imports no room that is made of it', ([room, allowed]) => {
  const rooms = [...importsOf(room)].filter((path) => !path.startsWith('./'))

  expect(rooms.filter((other) => !allowed.includes(other))).toEqual([])
})

test('the rooms are all that there are', () => {
  const folders = readdirSync(DYNAMODB, { withFileTypes: true }).filter((entry) => entry.isDirectory())

  expect(folders.map(({ name }) => name).sort()).toEqual(ROOMS.map(([room]) => room).sort())
})
