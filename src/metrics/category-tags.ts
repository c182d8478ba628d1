import { toTagValue } from './tag-value.ts'

const MAX_CATEGORIES = 100
const OTHER = 'other'

export type CategoryTags = ReturnType<typeof createCategoryTags>

/**
 * Categories as tag values. A category is free text from a client and every tag value costs its receiver a series of its
 * own: the first 100 that were found or written have a tag each for the process's life, all others share `other`.
 */
export function createCategoryTags() {
  const tagsByCategory = new Map<string, string>()
  const tags = new Set<string>()

  function take(category: string): string {
    const tag = toTagValue(category)
    if (tags.has(tag)) return tag
    if (tags.size === MAX_CATEGORIES) return OTHER
    tags.add(tag)
    tagsByCategory.set(category, tag)
    return tag
  }

  return {
    /** The tag of a category that was found or written: it takes a place while there is one. */
    ofStored(category: string): string {
      return tagsByCategory.get(category) ?? take(category)
    },
    /** The tag of a category that was merely asked for: junk takes no place. */
    ofAsked(category: string): string {
      const known = tagsByCategory.get(category)
      if (known !== undefined) return known
      const tag = toTagValue(category)
      return tags.has(tag) ? tag : OTHER
    },
  }
}
