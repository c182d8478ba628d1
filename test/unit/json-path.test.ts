import { expect, test } from 'vitest'
import { jsonPath } from '../../src/json/json-path.ts'

test.for([
  [[], '$'],
  [['cat'], '$.cat'],
  [['cat', 'f', 3, 'x'], '$.cat.f[3].x'],
  [['_a1', 0, 0], '$._a1[0][0]'],
  [['__proto__'], '$.__proto__'],
  [['cat', 'a.b'], "$.cat['a.b']"],
  [['a b', '#', '1a'], "$['a b']['#']['1a']"],
  [['3', 3], "$['3'][3]"],
  [[''], "$['']"],
  [['a-b', '$', '*', '[0]'], "$['a-b']['$']['*']['[0]']"],
  [["it's"], "$['it\\'s']"],
  [['say "hi"'], `$['say "hi"']`],
  [['back\\slash'], "$['back\\\\slash']"],
  [['\\"', "\\'"], `$['\\\\"']['\\\\\\'']`],
  [['line\nbreak\ttab\u0000nul\u001f'], "$['line\\nbreak\\ttab\\u0000nul\\u001f']"],
  [['été', '🦊'], "$['été']['🦊']"],
  [['\ud800'], "$['\\ud800']"],
] as const)('the path of %j is %s', ([segments, path]) => {
  expect(jsonPath(segments)).toBe(path)
})

test('a long name is cut short, and never inside a character', () => {
  const short = 'n'.repeat(100)

  expect(jsonPath([short])).toBe(`$.${short}`)
  expect(jsonPath([`${short}n`, 'x'])).toBe(`$['${short}…'].x`)
  expect(jsonPath(['🦊'.repeat(40_000)]).isWellFormed()).toBe(true)
  expect(jsonPath([`n${'🦊'.repeat(60)}`]).isWellFormed()).toBe(true)
})
