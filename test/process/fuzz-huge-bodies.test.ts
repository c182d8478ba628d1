import { expect, test } from 'vitest'
import { expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { requestText } from '../support/raw-client.ts'

const MANY = 100_000
const DEPTHS = [30, 31, 1000, 10_000, 100_000]

const WRITE = '/api/v1/items/huge'
const FILTER = '/api/v1/get/item/known'
const write = (body: string) => requestText('POST', WRITE, {}, body)
const filter = (body: string) => requestText('POST', FILTER, {}, body)
const writeMany = (body: string) => requestText('POST', '/api/v1/items', {}, body)
const filterMany = (body: string) => requestText('POST', '/api/v1/get/items', {}, body)
const merge = (body: string) => requestText('PATCH', '/api/v1/items/huge/cat', {}, body)

const many = (count: number, one: (index: number) => string) => Array.from({ length: count }, (_, index) => one(index)).join()
const arrays = (depth: number, inner = '') => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`
const objects = (depth: number, inner = '1') => `${'{"a":'.repeat(depth)}${inner}${'}'.repeat(depth)}`

test('10^5 keys, of any thing that has keys, are taken or refused, and none is forgotten', () =>
  expectAnswers(
    [
      ['categories to write', write(`{${many(MANY, (i) => `"c${i}":{}`)}}`), [422]],
      ['categories to read', filter(`{${many(MANY, (i) => `"c${i}":[]`)}}`), [422]],
      ['features', write(`{"cat":{${many(MANY, (i) => `"f${i}":1`)}}}`), [413]],
      ['features that need their digits', write(`{"cat":{${many(MANY, (i) => `"f${i}":1.00000000000000000001`)}}}`), [413]],
      ['features with escapes in their names', write(`{"cat":{${many(MANY, (i) => `"\\n${i}":1`)}}}`), [413]],
      ['features that are not allowed', write(`{"cat":{${many(MANY, (i) => `"f${i}":{"":1}`)}}}`), [422]],
      ['members', write(`{"cat":{"f":{${many(MANY, (i) => `"m${i}":1`)}}}}`), [413]],
      ['numbers as keys', write(`{"cat":{${many(MANY, (i) => `"${MANY - i}":1`)}}}`), [413]],
      ['items of an array', write(`{"cat":{"f":[${many(300_000, () => '0')}]}}`), [413]],
      ['one key 10^5 times', write(`{"cat":{${many(MANY, (i) => `"f":${i}`)}}}`), [200]],
      ['one category 10^5 times', write(`{${many(MANY, (i) => `"cat":{"f":${i}}`)}}`), [200]],
      ['__proto__ 10^5 times', write(`{"cat":{${many(MANY, () => '"__proto__":{"polluted":1}')}}}`), [422]],
      ['one name to read 10^5 times', filter(`{"cat":[${many(MANY, () => '"value"')}]}`), [200]],
      ['names to read of a category that is not there', filter(`{"none":[${many(MANY, (i) => `"f${i}"`)}]}`), [404]],
      ['entities to write', writeMany(`{${many(MANY, (i) => `"u${i}":{"cat":{}}`)}}`), [422]],
      ['categories of an entity to write', writeMany(`{"u":{${many(MANY, (i) => `"c${i}":{}`)}}}`), [422]],
      ['entities that have none', writeMany(`{${many(MANY, (i) => `"u${i}":{}`)}}`), [422]],
      ['one entity 10^5 times', writeMany(`{${many(MANY, (i) => `"u":{"cat":{"f":${i}}}`)}}`), [200]],
      ['entities to read', filterMany(`{"identifiers":[${many(MANY, (i) => `"u${i}"`)}],"categories":{"c":[]}}`), [422]],
      ['entities to read that are none', filterMany(`{"identifiers":[${many(MANY, String)}],"categories":{}}`), [400]],
      ['one entity to read 10^5 times', filterMany(`{"identifiers":[${many(MANY, () => '"u"')}],"categories":{"c":[]}}`), [422]],
      ['members of a read that are none', filterMany(`{${many(MANY, (i) => `"m${i}":[]`)}}`), [422]],
      ['features to merge', merge(`{${many(MANY, (i) => `"f${i}":1`)}}`), [413]],
      ['features to remove', merge(`{${many(MANY, (i) => `"f${i}":null`)}}`), [422]],
      ['one feature to merge and remove 10^5 times', merge(`{${many(MANY, (i) => `"f":${i % 2 === 0 ? i : null}`)}}`), [200]],
      ['names to read that are none', filter(`{"cat":[${many(MANY, (i) => `${i}`)}]}`), [422]],
    ],
    async (target) => {
      const names = Array.from({ length: MANY }, (_, index) => `f${index}`)
      const { replies } = await target.send(filter(JSON.stringify({ cat: [...names, 'value'] })), { whole: true })
      const answer = JSON.parse(replies[0]?.body ?? 'null')
      expect(answer).toMatchObject({ items: { cat: { features: { data: { value: 'a true answer' } } } } })
      expect(answer.missing_features).toEqual({ cat: names })
    },
  ))

test('10^4 and 10^5 levels, on any route, are refused', () => {
  const nested = (depth: number): [string, string][] => [
    ['arrays', `{"cat":{"f":${arrays(depth)}}}`],
    ['objects', `{"cat":${objects(depth + 1)}}`],
    ['arrays around a number that needs its digits', `{"cat":{"f":${arrays(depth, '9007199254740993')}}}`],
    ['objects with escapes in their names', `{"cat":${objects(depth + 1).replaceAll('"a"', '"\\n"')}}`],
    ['a body of arrays', arrays(depth)],
    ['a category in arrays', `{"cat":${arrays(depth, '"f"')}}`],
  ]
  const nestedElsewhere = (depth: number): FuzzCase[] => [
    [`${depth} levels, written to several entities`, writeMany(`{"u":{"cat":${objects(depth + 1)}}}`), [422]],
    [`${depth} levels for entities`, writeMany(objects(depth + 3)), [422]],
    [`${depth} levels for identifiers`, filterMany(`{"identifiers":${arrays(depth, '"u"')},"categories":{"c":[]}}`), [422]],
    [`${depth} levels for categories`, filterMany(`{"identifiers":["u"],"categories":${objects(depth)}}`), [422]],
    [`${depth} levels, merged`, merge(`{"f":${arrays(depth)}}`), [422]],
  ]
  const elsewhere = ['/nothing', '/health/live', '/docs', '/openapi.json', '/api/v1/get/item/known/cat']
  return expectAnswers([
    ...DEPTHS.flatMap((depth) =>
      nested(depth).flatMap(([why, body]): FuzzCase[] => [
        [`${depth} ${why}, written`, write(body), [422]],
        [`${depth} ${why}, asked for`, filter(body), [422]],
      ]),
    ),
    ...DEPTHS.flatMap(nestedElsewhere),
    ...[10_000, 100_000].flatMap((depth): FuzzCase[] => [
      [`${depth} arrays that do not end`, write('['.repeat(depth)), [400], 'ends'],
      [`${depth} objects that do not end`, filter('{"a":'.repeat(depth)), [400], 'ends'],
      ...elsewhere.map(
        (path): FuzzCase => [
          `${depth} levels to ${path}`,
          requestText('POST', path, {}, arrays(depth)),
          [path === '/nothing' ? 404 : 405],
        ],
      ),
      [`${depth} levels with GET`, requestText('GET', '/health/live', {}, arrays(depth)), [200]],
    ]),
  ])
})
