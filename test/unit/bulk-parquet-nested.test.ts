import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { FileError } from '../../src/cli/bulk/file-error.ts'
import { openParquet } from '../../src/cli/import/parquet-rows.ts'
import { readAll, rowReader } from '../support/bulk-rows.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.parquet`, import.meta.url))

async function rowsOf(name: string) {
  return readAll(await openParquet(fixture(name), 'c', rowReader({ category: 'c' })))
}

/** DynamoDB's JSON as the plain values that it stands for, numbers as their texts. */
function plain(attribute: unknown): unknown {
  const [[type, value] = []] = Object.entries(attribute as object)
  if (type === 'L') return value.map(plain)
  if (type === 'M') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
  return type === 'NULL' ? null : value
}

/** The one feature of each row, or what is wrong with the row. */
async function valuesOf(name: string): Promise<unknown[]> {
  return (await rowsOf(name)).map(({ features = {}, fault }) => {
    const [json] = Object.values(features)
    return json === undefined ? fault : plain(JSON.parse(json))
  })
}

// As test/fixtures/parquet-legacy/make.py says, and pyarrow reads them.
test.each([
  ['rep', [['1', '2'], [], ['3']]],
  [
    'repg',
    [
      [{ a: '1', b: 'x' }],
      [],
      [
        { a: '2', b: null },
        { a: null, b: 'z' },
        { a: null, b: null },
      ],
    ],
  ],
  [
    'l2multi',
    [
      [
        { a: '1', b: 'x' },
        { a: '2', b: null },
      ],
      null,
      [],
    ],
  ],
  ['l2one', [[{ a: '1' }, { a: '2' }], null, []]],
  ['l2tuple', [[{ a: '1' }, { a: null }], null, []]],
  ['l2str', [['x'], [], ['é', '']]],
  ['l2ll', [[['1', '2'], []], null, []]],
  ['l2map', [[{ a: '1' }, {}], null, []]],
  ['l3', [[{ a: '1', b: null }, null, { a: null, b: null }], null, []]],
  ['mkv', [{ a: '1', b: null }, null, {}]],
  ['mapmap', [{ a: '1', b: null }, null, {}]],
  ['mapnames', [{ a: '1' }, null, {}]],
])('lists and maps in the form %s are as they were written', async (name, expected) => {
  expect(await valuesOf(`parquet-legacy/${name}`)).toEqual(expected)
})

const FAULT = 'm has a map with a key that is no text, number or time'

test.each([
  ['date', { '2025-10-07': '0', '1969-12-31': '1' }],
  ['timestamp', { '2025-10-07T07:46:26.943123Z': '0', '2025-10-07T07:46:26.943124Z': '1' }],
  ['decimal', { '123456789012345678901234567890.12': '0', '123456789012345678901234567890.13': '1' }],
  ['integer', { '9007199254740993': '0', '-1': '1' }],
  ['struct', FAULT],
])('keys of a map of type %s are what they mean, or refused', async (name, expected) => {
  expect(await valuesOf(`parquet-types/map-${name}`)).toEqual([expected, {}, null])
})

test('a key of no bytes is an empty name, which no feature may have', async () => {
  expect((await rowsOf('parquet-types/map-bytes')).map(({ fault }) => fault !== undefined)).toEqual([true, false, false])
})

test('a time of day is one of the day, and what lies beyond is refused', async () => {
  const beyond = 't has a time of day beyond the day'
  expect(await valuesOf('parquet-types/times-of-day')).toEqual(['00:00:00.000000', '23:59:59.999999', beyond, beyond])
})

test.each(['struct', 'list'])('an identifier that is a %s is refused row by row', async (name) => {
  const faults = (await rowsOf(`parquet-types/keys-${name}`)).map(({ fault }) => fault)
  expect(faults).toEqual(['identifier must be a string', 'identifier must be a string'])
})

test('a column of variants is refused, and no object of nulls', async () => {
  await expect(openParquet(fixture('parquet-legacy/variant'), 'c', rowReader())).rejects.toThrow(FileError)
  await expect(openParquet(fixture('parquet-legacy/variant'), 'c', rowReader())).rejects.toThrow('of type VARIANT')
})

test('values that a page refers to and the dictionary has not are no nulls', async () => {
  const reading = rowsOf('parquet-legacy/damaged-dictionary')

  await expect(reading).rejects.toThrow(FileError)
  await expect(reading).rejects.toThrow('the rows from 101 to 200 cannot be read: the column s: some of them are not there')
})
