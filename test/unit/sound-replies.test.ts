import { expect, test } from 'vitest'
import { itemOf, readOffBytes } from '../support/stored-record.ts'

// What this file imports reads replies, and opens no store: that is to be enough.
const NULL = { NULL: true } as const

function missingOf(names: readonly string[], asked: string): readonly string[] | undefined {
  const item = itemOf(Object.fromEntries(names.map((name) => [name, NULL])))
  return readOffBytes(JSON.stringify({ Item: item }))?.recordAt([asked], 0)?.missing
}

test('a feature with an escaped name is found, whatever names were read before (nodejs/node#63785)', () => {
  expect(missingOf(['a', '\\'], '\\')).toEqual([])

  expect(missingOf(['a', '\n'], '\n')).toEqual([])
  expect(missingOf(['a', '"'], '"')).toEqual([])
})
