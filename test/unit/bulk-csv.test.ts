import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FileError } from '../../src/cli/bulk/file-error.ts'
import { type CsvOptions, openCsv } from '../../src/cli/import/csv-rows.ts'
import { readAll, rowReader } from '../support/bulk-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function open(text: string | Buffer, options: Partial<CsvOptions> = {}) {
  const path = join(temporaryFolder(), 'rows.csv')
  writeFileSync(path, text)
  return openCsv(path, { delimiter: ',', category: 'cat', strings: [], ...options }, rowReader({ category: 'cat' }))
}

async function featuresOf(text: string, options?: Partial<CsvOptions>): Promise<Record<string, string> | string | undefined> {
  const [row] = await readAll(await open(text, options))
  return row?.features ?? row?.fault
}

test.each([
  ['1', '{"N":"1"}'],
  ['-0.50', '{"N":"-0.5"}'],
  ['9007199254740993', '{"N":"9007199254740993"}'],
  ['0.1234567890123456789', '{"N":"0.1234567890123456789"}'],
  ['1e3', '{"N":"1000"}'],
  ['1E+40', '{"N":"1e+40"}'],
  ['true', '{"BOOL":true}'],
  ['false', '{"BOOL":false}'],
  ['null', '{"NULL":true}'],
  ['007', '{"S":"007"}'],
  ['+1', '{"S":"+1"}'],
  ['1.', '{"S":"1."}'],
  ['.5', '{"S":".5"}'],
  ['TRUE', '{"S":"TRUE"}'],
  ['NaN', '{"S":"NaN"}'],
  [' 1', '{"S":" 1"}'],
  ['[1]', '{"S":"[1]"}'],
  ['"1"', '{"N":"1"}'],
  ['"a ""b"", c"', '{"S":"a \\"b\\", c"}'],
  ['"é\n💡"', '{"S":"é\\n💡"}'],
])('the cell %s is %s', async (cell, stored) => {
  expect(await featuresOf(`identifier,f\nu1,${cell}\n`)).toEqual({ f: stored })
})

test('an empty cell is absent, quoted or not', async () => {
  expect(await featuresOf('identifier,a,b,c\nu1,,"",1\n')).toEqual({ c: '{"N":"1"}' })
})

test('columns that are to stay texts do, whatever they look like', async () => {
  const strings = ['code', 'flag']
  expect(await featuresOf('identifier,code,flag,n\nu1,1.50,true,1.50\n', { strings })).toEqual({
    code: '{"S":"1.50"}',
    flag: '{"S":"true"}',
    n: '{"N":"1.5"}',
  })
})

test('a number beyond DynamoDB’s range is a fault with its place', async () => {
  expect(await featuresOf('identifier,f\nu1,1e126\n')).toBe('$.features.f: number is larger than 9.99…E+125')
})

test('a byte order mark, carriage returns, empty lines and a last line without an end are no part of any row', async () => {
  const rows = await readAll(await open('\uFEFFidentifier,category,f\r\n\r\nu1,c1,"x"\r\n\r\nu2,,1'))

  expect(rows.map(({ key, features, line }) => [key, features, line])).toEqual([
    ['u1 c1', { f: '{"S":"x"}' }, 3],
    ['u2 cat', { f: '{"N":"1"}' }, 5],
  ])
})

test('what is no record costs its own line alone, and lines are counted on', async () => {
  const text = [
    'identifier,f,g',
    'u1,"two',
    'lines",1',
    'u2,1',
    'u3,st"ray,1',
    'u4,"closed"x,1',
    ',1,2',
    'u5,"never closed,1',
    'u6,fine,1',
    '',
  ].join('\n')

  const rows = await readAll(await open(text))

  expect(rows.map(({ line, key, fault }) => [line, key ?? fault?.replace(/:.*/, '')])).toEqual([
    [3, 'u1 cat'],
    [4, 'has 2 cells, where there are 3 columns'],
    [5, 'is not CSV'],
    [6, 'is not CSV'],
    [7, 'identifier is missing'],
    [8, 'has a quoted cell without an end'],
    [9, 'u6 cat'],
  ])
})

test('a carriage return alone is a character of its cell, beside quoted cells too', async () => {
  const text = 'identifier,f,g\nu1,"say ""hi""",12\rsecond\nu2,"a\rb",c\rd\r\n'
  const rows = await readAll(await open(text))

  expect(rows.map(({ features }) => features)).toEqual([
    { f: '{"S":"say \\"hi\\""}', g: '{"S":"12\\rsecond"}' },
    { f: '{"S":"a\\rb"}', g: '{"S":"c\\rd"}' },
  ])
})

test('a quoted cell of thousands of lines that look like rows is one cell', async () => {
  const cell = Array.from({ length: 5000 }, (_, index) => `x${index},${index}`).join('\n')
  const rows = await readAll(await open(`identifier,f\nu1,"${cell}"\nu2,1\n`))

  expect(rows.map(({ key, line }) => [key, line])).toEqual([
    ['u1 cat', 5001],
    ['u2 cat', 5002],
  ])
  expect(rows[0]?.features).toEqual({ f: JSON.stringify({ S: cell }) })
})

test('a byte order mark within the file is a character', async () => {
  const rows = await readAll(await open('identifier,f\n\uFEFFu1,"a\n\uFEFFb"\n'))

  expect(rows.map(({ key, features }) => [key, features])).toEqual([['\uFEFFu1 cat', { f: '{"S":"a\\n\uFEFFb"}' }]])
})

test('lines of empty cells, as spreadsheets write them, are none', async () => {
  expect((await readAll(await open('identifier,f\nu1,1\n,\n"",\n'))).map(({ key }) => key)).toEqual(['u1 cat'])
})

test('a line that is not UTF-8 is refused, and the others are read', async () => {
  const rows = await readAll(
    await open(Buffer.concat([Buffer.from('identifier,f\nu1,'), Buffer.of(0xff), Buffer.from('\nu2,1\n')])),
  )

  expect(rows.map(({ key, fault }) => key ?? fault)).toEqual(['is not UTF-8', 'u2 cat'])
})

test('cells may be parted by another character', async () => {
  expect(await featuresOf('identifier;a;b\nu1;1,5;"x;y"\n', { delimiter: ';' })).toEqual({ a: '{"S":"1,5"}', b: '{"S":"x;y"}' })
})

test.each([
  ['', 'the file is empty'],
  ['a,b\n1,2\n', 'there is no column identifier'],
  ['identifier,a,a\n', 'two columns are named "a"'],
  ['identifier,__proto__\n', 'cannot be a feature'],
  ['identifier,\n', 'index=False leaves it out'],
  ['identifier;a\n', "--delimiter ';'"],
  ['identifier,f\ru1,1\ru2,2\r', 'its lines end in carriage returns alone'],
])('columns such as %j cannot be imported', async (text, reason) => {
  await expect(open(text)).rejects.toThrow(reason)
  await expect(open(text)).rejects.toThrow(FileError)
})

test('rows without a category need one that is named', async () => {
  await expect(open('identifier,a\n', { category: undefined })).rejects.toThrow('name one by --category')
  await expect(open('identifier,category\n', { strings: ['b'] })).rejects.toThrow('there is no column "b"')
})

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '💡', '"', ',', '\n', '\r\n', '\r', '\uFEFF', ' ', '0'),
  minLength: 1,
  maxLength: 6,
})

test('whatever cells hold, they come back as they were, and reading goes on behind any row', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 30 }), async (cells) => {
      const text = `identifier,f\n${cells.map((each, index) => `u${index},"${each.replaceAll('"', '""')}"\n`).join('')}`
      const source = await open(text, { strings: ['f'] })
      const rows = await readAll(source)

      expect(rows.map(({ features }) => JSON.parse(features?.f ?? '{}').S)).toEqual(cells)
      for (const { end, line } of rows) {
        const rest = await readAll(source, { offset: end, line })
        expect(rest).toEqual(rows.filter((row) => row.line > line))
      }
    }),
    { numRuns: 40 },
  )
})
