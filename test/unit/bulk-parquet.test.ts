import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { parquetMetadata, parquetMetadataAsync } from 'hyparquet'
import { expect, test } from 'vitest'
import { FileError } from '../../src/cli/bulk/file-error.ts'
import { openParquetFile } from '../../src/cli/import/parquet-file.ts'
import { openParquet } from '../../src/cli/import/parquet-rows.ts'
import { readSlices } from '../../src/cli/import/parquet-slices.ts'
import { readAll, rowReader } from '../support/bulk-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/parquet-types/${name}.parquet`, import.meta.url))
const rowsOf = async (name: string, category?: string) =>
  readAll(await openParquet(fixture(name), category, rowReader({ category })))

// As test/fixtures/parquet-types/make.py says; as DynamoDB's JSON.
const FIRST = {
  i64: '{"N":"9007199254740993"}',
  u64: '{"N":"18446744073709551615"}',
  u32: '{"N":"4294967295"}',
  i8: '{"N":"-128"}',
  f32: '{"N":"0.10000000149011612"}',
  f64: '{"N":"0.1"}',
  f16: '{"N":"0.5"}',
  b: '{"BOOL":true}',
  dec: '{"N":"12345678901234567890123456.0123456789"}',
  dec9: '{"N":"1234567.89"}',
  ts_ms: '{"S":"2025-10-07T07:46:26.943Z"}',
  ts_us: '{"S":"2025-10-07T07:46:26.943123"}',
  ts_ns: '{"S":"2025-10-07T07:46:26.943123456Z"}',
  d: '{"S":"2025-10-07"}',
  tm: '{"S":"01:02:03.000456"}',
  bin: '{"S":"AP8="}',
  s: '{"S":"é\\"\\n"}',
  l: '{"L":[{"N":"1"},{"N":"9007199254740993"},{"NULL":true}]}',
  st: '{"M":{"a":{"N":"1"},"b":{"S":"x"}}}',
  m: '{"M":{"k1":{"N":"1.1"},"k2":{"NULL":true}}}',
  lst: '{"L":[{"M":{"x":{"N":"1.5"}}}]}',
  dict: '{"S":"a"}',
}
const SECOND = {
  ...{ i64: '{"N":"-9223372036854775808"}', u64: '{"N":"0"}', f64: '{"N":"1e-7"}', f16: '{"NULL":true}' },
  ...{ dec: '{"N":"-1e-10"}', dec9: '{"N":"-1.1"}', d: '{"S":"1969-12-31"}', l: '{"L":[]}', m: '{"M":{}}', bin: '{"S":""}' },
  ...{ ts_us: '{"S":"1969-12-31T23:59:59.999999"}', ts_ns: '{"S":"1970-01-01T00:00:00.000000001Z"}' },
}
const NULL = '{"NULL":true}'
const REFUSED = 'identifier must be a string'

test.each(['types-snappy', 'types-zstd', 'types-lz4'])(
  '%s: every type comes as it is, to the last digit, and null as null',
  async (name) => {
    const rows = await rowsOf(name)

    expect(rows.map(({ key, line }) => [key, line])).toEqual([
      ['u1 c', 1],
      ['u2 c', 2],
      ['u3 c', 3],
    ])
    expect(rows[0]?.features).toEqual(FIRST)
    expect(rows[1]?.features).toMatchObject(SECOND)
    expect(rows[2]?.features).toEqual({
      ...Object.fromEntries(Object.keys(FIRST).map((column) => [column, NULL])),
      f16: '{"N":"2"}',
    })
  },
)

test('files of older writers, without dictionaries and with times of 96 bits, are read alike', async () => {
  const [first] = await rowsOf('types-plain-int96')
  const times = { ts_ms: '{"S":"2025-10-07T07:46:26.943000000Z"}', ts_us: '{"S":"2025-10-07T07:46:26.943123000Z"}' }

  expect(first?.features).toEqual({ ...FIRST, ...times })
})

test('what is no number of JSON is refused, with its column, and the other rows are read', async () => {
  const rows = await rowsOf('floats', 'cat')

  expect(rows.map(({ key, fault }) => key ?? fault)).toEqual([
    'v is NaN, which JSON has no number for',
    'fine cat',
    'v is -Infinity, which JSON has no number for',
  ])
})

test('reading goes on behind any row, across groups', async () => {
  const source = await openParquet(fixture('types-snappy'), undefined, rowReader())

  for (const offset of [1, 2, 3]) {
    const rows = await readAll(source, { offset, line: offset })
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3].slice(offset))
  }
})

test('what is no Parquet file, or has no category, is said to be so', async () => {
  await expect(openParquet(fileURLToPath(import.meta.url), undefined, rowReader())).rejects.toThrow(FileError)
  await expect(openParquet(fixture('floats'), undefined, rowReader())).rejects.toThrow('there is no column category')
})

test.each([
  ['i64', ['9007199254740993', '-7', '100000000000000000']],
  ['u32', ['3000000000', '1']],
  ['u64', ['18000000000000000000', '1']],
  ['dictionary', ['a', 'b', 'a']],
  ['date', ['2026-01-01']],
  ['decimal', ['12345678901234567890', '7']],
  ['decimal-scaled', [REFUSED, '7']],
  ['double', ['12345', REFUSED, REFUSED]],
  ['bool', [REFUSED]],
])('identifiers of type %s are the text that the column means, or refused', async (name, expected) => {
  const rows = await rowsOf(`keys-${name}`, 'c')

  expect(rows.map(({ key, fault }) => fault ?? key)).toEqual(
    expected.map((identifier) => (identifier === REFUSED ? REFUSED : `${identifier} c`)),
  )
})

test.each([1, 2])(
  'a large row group, of pages of version %d, is read slice by slice, and every row is whole, wherever reading begins',
  async (version) => {
    const source = await openParquet(fixture(`one-group-${version}`), 'c', rowReader({ category: 'c' }))
    const expectedAt = (row: number) => [
      `u${row} c`,
      row + 1,
      `{"N":"${row * 16}"}`,
      `{"N":"${row * 16 + 15}"}`,
      row % 2 === 1 ? NULL : `{"N":"${row / 2}"}`,
      row % 3 === 0 ? '{"L":[]}' : `{"L":[{"N":"${row}"},${NULL}]}`,
      row % 5 === 0 ? NULL : `{"L":[{"M":{"a":{"N":"${row}"},"b":{"L":[{"S":"${row}"}]}}},{"M":{"a":${NULL},"b":${NULL}}}]}`,
    ]

    for (const first of [0, 17_777]) {
      const rows = await readAll(source, { offset: first, line: first })
      const seen = rows.map(({ key, line, features: { n0, n15, half, list, pairs } = {} }) => [
        key,
        line,
        n0,
        n15,
        half,
        list,
        pairs,
      ])
      expect(seen.length).toBe(30_000 - first)
      expect(seen.findIndex((row, index) => !isDeepStrictEqual(row, expectedAt(first + index)))).toBe(-1)
    }
  },
  30_000,
)

test.each([60 * 202, 2000, 700, 100])(
  'rows whose lists go on over pages are whole, of slices of %d values',
  async (sliceValues) => {
    const file = await openParquetFile(fixture('rows-over-pages'))
    const metadata = await parquetMetadataAsync(file)
    const listOf = (row: number) => Array.from({ length: 200 }, (_, index) => BigInt(row * 1000 + index))

    for (const rowStart of [0, 37, 59]) {
      const slices = await Array.fromAsync(readSlices({ file, metadata, columns: ['n', 'list'], rowStart, sliceValues }))

      expect(slices.flatMap(({ values: [n = []] }) => Array.from(n))).toEqual(
        Array.from({ length: 60 - rowStart }, (_, index) => BigInt(rowStart + index)),
      )
      expect(slices.flatMap(({ values: [, list = []] }) => Array.from(list))).toEqual(
        Array.from({ length: 60 - rowStart }, (_, index) => listOf(rowStart + index)),
      )
      if (sliceValues === 2000 && rowStart === 0) expect(slices.length).toBeGreaterThan(3)
    }
  },
)

test('columns whose paths would be one are told apart', async () => {
  const file = await openParquetFile(fixture('dots'))
  const metadata = await parquetMetadataAsync(file)

  const slices = await Array.fromAsync(readSlices({ file, metadata, columns: ['a.b', 'a'], rowStart: 0, sliceValues: 3 }))

  expect(slices.length).toBe(4)
  expect(slices.flatMap(({ values: [flat = []] }) => Array.from(flat))).toEqual([1n, 2n, 3n, 4n])
  const bytes = slices.flatMap(({ values: [, struct = []] }) => Array.from(struct as { b: Uint8Array }[]))
  expect(bytes.map(({ b }) => Buffer.from(b).toString())).toEqual(['0', '1', '2', '3'])
})

test.each([1, 2])('where a page of version %d is no page any more, no row is made up', async (version) => {
  const bytes = readFileSync(fixture(`one-group-${version}`))
  const [group] = parquetMetadata(new Uint8Array(bytes).buffer).row_groups
  for (const column of group?.columns ?? []) {
    const path = join(temporaryFolder(), 'broken.parquet')
    writeFileSync(
      path,
      Buffer.from(bytes).fill(0, Number(column.meta_data?.data_page_offset), Number(column.meta_data?.data_page_offset) + 30),
    )
    const reading = openParquet(path, 'c', rowReader({ category: 'c' })).then((source) => readAll(source))

    await expect(reading).rejects.toThrow(FileError)
    await expect(reading).rejects.toThrow(`column ${column.meta_data?.path_in_schema.join('.')} cannot be read`)
  }
})
