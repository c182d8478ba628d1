import { expect, test } from 'vitest'
import { MAX_NAME_BYTES, MAX_NESTING, MAX_WRITE_CATEGORIES } from '../../src/features/limits.ts'
import { readEntitiesText, readWriteText } from '../../src/features/read-body-text.ts'
import { entitiesByObjects, writeByObjects } from '../support/body-by-objects.ts'

const valued = (value: string) => `{"c":{"f":${value}}}`
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const categories = (count: number) => Array.from({ length: count }, (_, index) => `"c${index}":{}`).join(',')

test.for([
  ...['0', '-1', '42', '5.0', '-5.10', '0.25', '0.000001', '100000', '999999999999999', '0.0'],
  ...['0.30000000000000004', '9007199254740992', '-1234567.890123456', '12345678901234567000'],
  ...['""', '"text"', '"a longer text, of more than twenty-four characters"', '"}]{[:,"', '"\x7e"'],
  ...['true', 'false', 'null', '[]', '[1]', '[1,"a",null,[true,-2.50]]', ' [ 1 ,\t2\r\n] ', nested(MAX_NESTING)],
])('a value %j is read off its text, as from JSON', (value) => {
  const read = readWriteText(valued(value))

  expect(read).toBeDefined()
  expect(read).toEqual(writeByObjects(valued(value)))
})

test.for([
  ['one category', '{"c":{"f":1}}'],
  ['a category without features', '{"c":{}}'],
  ['several, and white space', ' {\n\t"c" : { "f" : 1 , "g" : "x" } ,\r\n "d":{ } } '],
  ['names that objects order otherwise', '{"2":{"b":1,"10":2,"9":3},"1":{}}'],
  ['names that objects have', '{"constructor":{"toString":1,"hasOwnProperty":2}}'],
  ['a name of the longest kind', `{"c":{"${'n'.repeat(MAX_NAME_BYTES)}":1}}`],
  ['the most categories', `{${categories(MAX_WRITE_CATEGORIES)}}`],
] as const)('a body with %s is read off its text, as from JSON', ([, text]) => {
  const read = readWriteText(text)

  expect(read).toBeDefined()
  expect(read).toEqual(writeByObjects(text))
})

test.for([
  ...['-0', '-0.0', '0.0000001', '1e5', '1E5', '12345678901234567890', '0.1234567890123456789', '9007199254740993'],
  ...['"ü"', '"\\n"', '"\\u0041"', '{}', '{"a":1}', '[{}]', nested(MAX_NESTING + 1)],
])('a value %j is left to JSON', (value) => {
  expect(readWriteText(valued(value))).toBeUndefined()
})

test.for([
  ...['', ' ', '-', '+1', '01', '-01', '1.', '.5', '-.5', '1.2.3', '1 2', '0x1', 'NaN', 'Infinity', '1_0'],
  ...['tru', 'truefalse', 'nul', 'TRUE', '"open', '"a\nb"', '"a\tb"', '"a\x7fb', '[1', '[1,]', '[,1]', '[1 2]', ']', '1}}x'],
])('a value %j is no JSON, or another’s', (value) => {
  expect(readWriteText(valued(value))).toEqual(writeByObjects(valued(value)))
  expect(readWriteText(valued(value))).toBeUndefined()
})

test.for([
  ...['', ' ', '{}', '[]', 'null', '1', '"c"', '{"c":1}', '{"c":[]}', '{"c":null}', '{"c":"x"}', '{"":{}}', '{"__proto__":{}}'],
  ...['{"c":{"":1}}', '{"c":{"__proto__":1}}', '{"c":{"f":1,"f":2}}', '{"c":{},"c":{}}', '{"c":{"ü":1}}', '{"ü":{}}'],
  ...[
    '{"c":{"f" 1}}',
    '{"c":{"f":1,}}',
    '{"c":{,"f":1}}',
    '{"c":{f:1}}',
    "{'c':{}}",
    '{"c":{}',
    '{"c":{}}}',
    '{"c":{}} x',
    '{"c":{}},',
  ],
  ...[`{"c":{"${'n'.repeat(MAX_NAME_BYTES + 1)}":1}}`, `{"${'c'.repeat(1025)}":{}}`, `{${categories(MAX_WRITE_CATEGORIES + 1)}}`],
])('a body %j is left to JSON and the rules', (text) => {
  expect(readWriteText(text)).toBeUndefined()
})

test('a body of several entities is read off its text, as from JSON', () => {
  const text = '{"u1":{"c":{"f":1.50},"d":{"g":[true]}},"2":{"c":{"f":"x"}}}'

  expect(readEntitiesText(text)).toEqual(entitiesByObjects(text))
  expect(readEntitiesText(text)?.get('u1')?.get('c')?.members).toEqual(new Map([['f', '{"N":"1.5"}']]))
})

test.for([
  ...['{}', '{"u":{}}', '{"u":{"c":1}}', '{"u":1}', '{"":{"c":{}}}', '{"u":{"c":{}},"u":{"d":{}}}', '{"u":{"c":{"f":1e5}}}'],
  ...[`{"${'u'.repeat(2049)}":{"c":{}}}`, '{"u":{"c":{}}', '{"u":{"c":{}}} 1'],
  `{"u":{${categories(MAX_WRITE_CATEGORIES)}},"v":{"c":{}}}`,
])('a body %j of several entities is left to JSON and the rules', (text) => {
  expect(readEntitiesText(text)).toBeUndefined()
})

test('the most categories, of several entities, are read off their text', () => {
  const half = categories(MAX_WRITE_CATEGORIES / 2)
  const text = `{"u":{${half}},"v":{${half}}}`

  expect(readEntitiesText(text)).toEqual(entitiesByObjects(text))
  expect(readEntitiesText(text)?.size).toBe(2)
})
