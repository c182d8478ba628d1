import type { Features } from './feature-record.ts'

/** What a reader asks of several categories: feature names by category; an empty list means all of that category. */
export type FeatureMapping = { readonly [category: string]: readonly string[] }

/** The named features that are stored, and the names that are not. No names means all features. */
export function pickFeatures(data: Features, names: readonly string[]): { picked: Features; missing: string[] } {
  if (names.length === 0) return { picked: data, missing: [] }
  const wanted = [...new Set(names)]
  const missing = wanted.filter((name) => !Object.hasOwn(data, name))
  const found = wanted.filter((name) => Object.hasOwn(data, name))
  // fromEntries defines its keys, so that no name (`__proto__`) can act as a setter.
  return { picked: Object.fromEntries(found.map((name) => [name, data[name] ?? null])), missing }
}
