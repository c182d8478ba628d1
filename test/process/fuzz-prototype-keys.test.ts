import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filter, filterMany, merge, remove, write, writeMany } from '../support/api-requests.ts'
import { answerTo, expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { FUZZ_TIMEOUT_MS, fuzzRuns } from '../support/fuzz-settings.ts'
import { startFuzzTarget } from '../support/fuzz-target.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'
import { requestText } from '../support/raw-client.ts'

const LEGAL_NAMES = PROTOTYPE_NAMES.filter((name) => name !== '__proto__')

/** All that a prototype could be given by one object, were its names taken for what they are elsewhere. */
const POLLUTION = '{"polluted":true,"status":"polluted","toString":"polluted","value":"polluted","isAdmin":true}'

test('names of Object’s own are identifiers, categories, features and members like any other', async () => {
  const target = await startFuzzTarget()

  const asked = LEGAL_NAMES.map(async (name) => {
    const data = { [name]: { [name]: [{ [name]: name }] } }
    expect(await answerTo(target, write(name, JSON.stringify({ [name]: data })))).toMatchObject({
      identifier: name,
      total_features: 1,
    })
    const mapping = `{"${name}":${JSON.stringify(PROTOTYPE_NAMES)},"__proto__":[],"absent":["${name}"]}`
    const answer = await answerTo(target, filter(name, mapping))
    expect(answer).toEqual({
      identifier: name,
      table_type: 'bright_uid',
      items: { [name]: { bright_uid: name, category: name, features: { data, metadata: expect.anything() } } },
      missing_categories: ['__proto__', 'absent'],
      missing_features: { [name]: PROTOTYPE_NAMES.filter((other) => other !== name) },
    })
  })

  await Promise.all(asked)
  await target.expectUnharmed()
})

test('what would reach a prototype is refused in writes, and missing in reads', () => {
  const deep = (inner: string, depth: number) => `${'{"a":'.repeat(depth)}${inner}${'}'.repeat(depth)}`
  const refused = (why: string, body: string): FuzzCase => [why, write('polluter', body), [422]]
  return expectAnswers([
    refused('a category', `{"__proto__":${POLLUTION}}`),
    refused('a category beside others', `{"cat":{"f":1},"__proto__":${POLLUTION}}`),
    refused('a feature', `{"cat":{"__proto__":${POLLUTION}}}`),
    refused('a feature spelt in escapes', `{"cat":{"\\u005f\\u005fproto__":${POLLUTION}}}`),
    refused('a feature in a text that needs names mended', `{"cat":{"\\\\":1,"\\n":2,"__proto__":${POLLUTION}}}`),
    refused('a feature beside a number that needs its digits', `{"cat":{"n":9007199254740993,"__proto__":${POLLUTION}}}`),
    refused('a number that needs its digits', '{"cat":{"__proto__":9007199254740993}}'),
    refused('a member of constructor', `{"cat":{"constructor":{"prototype":{"__proto__":${POLLUTION}}}}}`),
    ...[1, 5, 27].map((depth) => refused(`a member ${depth} deep`, `{"cat":${deep(`{"__proto__":${POLLUTION}}`, depth)}}`)),
    refused('a member of an item of an array', `{"cat":{"f":[[[{"__proto__":${POLLUTION}}]]]}}`),
    ['constructor.prototype', write('polluter', `{"cat":{"constructor":{"prototype":${POLLUTION}}}}`), [200]],
    ['constructor.prototype by category', write('polluter', `{"constructor":{"prototype":${POLLUTION}}}`), [200]],
    ['a category to read', filter('known', '{"__proto__":[]}'), [404]],
    ['a category to read beside one that is there', filter('known', '{"__proto__":["polluted"],"cat":["__proto__"]}'), [200]],
    ['a category to read that is no list', filter('known', `{"__proto__":${POLLUTION}}`), [422]],
    ['the identifier', write('__proto__', '{"cat":{"f":1}}'), [200]],
    ['the category in a path', requestText('GET', '/api/v1/get/item/known/__proto__'), [404]],
    ['a category of one of several entities', writeMany(`{"polluter":{"__proto__":${POLLUTION}}}`), [422]],
    ['a feature of one of several entities', writeMany(`{"polluter":{"cat":{"__proto__":${POLLUTION}}}}`), [422]],
    ['the identifier of one of several entities', writeMany(`{"__proto__":{"cat":${POLLUTION}}}`), [200]],
    ['the identifier of one of several entities that is none', writeMany(`{"__proto__":${POLLUTION}}`), [422]],
    ['a member beside what is asked for', filterMany(`{"identifiers":["a"],"categories":{"c":[]},"__proto__":{}}`), [422]],
    ['a member in place of what is asked for', filterMany('{"__proto__":{"identifiers":["a"],"categories":{"c":[]}}}'), [422]],
    ['an identifier to read', filterMany('{"identifiers":["__proto__"],"categories":{"__proto__":["__proto__"]}}'), [200]],
    ['a feature to merge', merge('polluter', 'cat', `{"__proto__":${POLLUTION}}`), [422]],
    ['a feature to remove', merge('polluter', 'cat', '{"__proto__":null}'), [422]],
    ['a member of a feature to merge', merge('polluter', 'cat', `{"f":{"__proto__":${POLLUTION}}}`), [422]],
    ['constructor.prototype to merge', merge('polluter', 'cat', `{"constructor":{"prototype":${POLLUTION}}}`), [200]],
    ['all that an entity has', requestText('GET', '/api/v1/get/item/known?__proto__=1&__proto__[limit]=0'), [200]],
    ['a delete of a category', remove('known/__proto__'), [200]],
    ['a delete of an entity', remove('__proto__'), [200]],
  ])
})

const anyName = fc.constantFrom(...PROTOTYPE_NAMES)
const members = (value: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(anyName, value), { minLength: 1, maxLength: 4 })
    .map((all) => `{${all.map(([name, text]) => `"${name}":${text}`).join()}}`)

// Texts, not objects: of a name that comes twice both are sent.
const { value, features } = fc.letrec<{ value: string; features: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('1', 'null', '"polluted"', '9007199254740993', '[]', '{}', POLLUTION),
    tie('features'),
    fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join()}]`),
  ),
  features: members(tie('value')),
}))

const nameLists = members(fc.array(anyName, { maxLength: 4 }).map((names) => JSON.stringify(names)))

test(
  'bodies made of such names, many of them twice, are taken or refused, and change nothing else',
  async () => {
    const target = await startFuzzTarget()
    const request = fc.oneof(
      fc.tuple(anyName, members(features)).map(([identifier, body]) => write(identifier, body)),
      fc.tuple(anyName, nameLists).map(([identifier, body]) => filter(identifier, body)),
      fc.tuple(anyName, value).map(([identifier, body]) => filter(identifier, body)),
      members(members(features)).map(writeMany),
      fc.tuple(anyName, nameLists).map(([name, lists]) => filterMany(`{"identifiers":["${name}"],"categories":${lists}}`)),
      value.map(filterMany),
      fc.tuple(anyName, anyName, features).map(([identifier, category, patch]) => merge(identifier, category, patch)),
      fc.tuple(anyName, anyName).map(([identifier, category]) => remove(`${identifier}/${category}`)),
    )
    const property = fc.asyncProperty(fc.array(request, { maxLength: 8 }), async (requests) => {
      const answers = await Promise.all(requests.map((bytes) => target.send(bytes, { whole: true })))

      const statuses = answers.flatMap(({ replies }) => replies.map(({ status }) => status))
      expect(answers.flatMap(({ faults }) => faults)).toEqual([])
      expect(statuses.filter((status) => ![200, 400, 404, 422].includes(status))).toEqual([])
      expect(statuses).toHaveLength(requests.length)
    })

    await fc.assert(property, fuzzRuns(40))
    await target.expectUnharmed()
  },
  FUZZ_TIMEOUT_MS,
)
