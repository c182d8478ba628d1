import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCategoryTags } from '../../src/metrics/category-tags.ts'
import { HOSTILE_TEXTS, hostileText } from '../support/hostile-texts.ts'

const names = (count: number, prefix = 'category') => Array.from({ length: count }, (_, index) => `${prefix}_${index}`)

test('10,000 categories that were found leave 101 values: a hundred of their own, and `other`', () => {
  const { ofStored } = createCategoryTags()

  const tags = new Set(names(10_000).map(ofStored))

  expect(tags).toEqual(new Set([...names(100), 'other']))
})

test('10,000 categories that were merely asked for leave one value, and take no place', () => {
  const { ofAsked, ofStored } = createCategoryTags()

  const tags = new Set(names(10_000, 'junk').map(ofAsked))

  expect(tags).toEqual(new Set(['other']))
  expect(names(100).map(ofStored)).toEqual(names(100))
})

test('the first hundred keep their tags, whatever comes after them and however it comes', () => {
  const { ofAsked, ofStored } = createCategoryTags()
  names(100).forEach(ofStored)
  names(5000, 'later').forEach(ofStored)
  names(5000, 'junk').forEach(ofAsked)

  expect(names(100).map(ofStored)).toEqual(names(100))
  expect(names(100).map(ofAsked)).toEqual(names(100))
  expect(ofStored('later_0')).toBe('other')
})

test('a category that was asked for in vain has its own tag once it is found', () => {
  const { ofAsked, ofStored } = createCategoryTags()

  expect([ofAsked('new'), ofStored('new'), ofAsked('new')]).toEqual(['other', 'new', 'new'])
})

test('categories that are written alike as tags take one place', () => {
  const { ofStored } = createCategoryTags()
  const alike = names(1000).map((_, index) => `${'n'.repeat(100)}${index}`)

  expect(new Set(['a b', 'a|b', 'a\nb', 'a_b'].map(ofStored))).toEqual(new Set(['a_b']))
  expect(new Set(alike.map(ofStored)).size).toBe(1)
  expect(names(98).map(ofStored)).toEqual(names(98))
  expect(ofStored('one_more')).toBe('other')
})

test('a category that is named other changes no count: it takes a place, and shares its tag with the rest', () => {
  const { ofStored } = createCategoryTags()
  ofStored('other')

  const tags = new Set(names(10_000).map(ofStored))

  expect(tags).toEqual(new Set([...names(99), 'other']))
})

test('whatever the categories are and in whatever order they come, there are at most 101 values', () => {
  const arrivals = fc.array(fc.tuple(hostileText, fc.boolean()), { maxLength: 300, size: 'max' })

  fc.assert(
    fc.property(arrivals, (categories) => {
      const { ofAsked, ofStored } = createCategoryTags()
      names(90).forEach(ofStored)
      const tags = new Set(categories.map(([category, isStored]) => (isStored ? ofStored(category) : ofAsked(category))))
      expect(new Set([...tags, ...names(90)]).size).toBeLessThanOrEqual(101)
      for (const name of names(90)) expect(ofAsked(name)).toBe(name)
    }),
    { numRuns: 50 },
  )
})

test.for(Object.entries(HOSTILE_TEXTS))('%s is cleaned as it is found, and stays the same', ([, category]) => {
  const { ofAsked, ofStored } = createCategoryTags()

  const tag = ofStored(category)

  expect(tag).not.toMatch(/[|,#:=\s]/)
  expect([ofStored(category), ofAsked(category)]).toEqual([tag, tag])
})
