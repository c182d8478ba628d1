import { checkFeatures, type Finding, MAX_FINDINGS } from './check-features.ts'
import { checkCategory } from './check-names.ts'
import type { Features } from './feature-record.ts'
import { MAX_READ_CATEGORIES, MAX_WRITE_CATEGORIES } from './limits.ts'

/** Features by category: the body of a write. */
export type CategoryFeatures = { readonly [category: string]: Features }

type CheckMember = (member: unknown, at: readonly PropertyKey[], findings: Finding[]) => void

/** What keeps a body from being names of features by category; none: it is a FeatureMapping. */
export function checkFeatureMapping(body: unknown): Finding[] {
  return checkCategories(body, MAX_READ_CATEGORIES, checkNames)
}

/** What keeps a body from being features by category that every store keeps exactly; none: it is CategoryFeatures. */
export function checkCategoryFeatures(body: unknown): Finding[] {
  return checkCategories(body, MAX_WRITE_CATEGORIES, checkFeatureObject)
}

function checkCategories(body: unknown, maxCategories: number, checkMember: CheckMember): Finding[] {
  if (!isJsonObject(body)) return [{ at: [], message: 'must be a JSON object keyed by category' }]
  const categories = Object.entries(body)
  if (categories.length > maxCategories) {
    return [{ at: [], message: `must have at most ${maxCategories} categories, has ${categories.length}` }]
  }
  const findings: Finding[] = []
  for (const [category, member] of categories) {
    if (findings.length >= MAX_FINDINGS) break
    const fault = checkCategory(category)
    if (fault === undefined) checkMember(member, [category], findings)
    else findings.push({ at: [category], message: `category ${fault}` })
  }
  return findings
}

function checkNames(names: unknown, at: readonly PropertyKey[], findings: Finding[]): void {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return
  findings.push({ at, message: 'must be an array of feature names; an empty one asks for all of the category' })
}

function checkFeatureObject(features: unknown, at: readonly PropertyKey[], findings: Finding[]): void {
  if (at[0] === '__proto__') findings.push({ at, message: 'category "__proto__" is not allowed' })
  else if (isJsonObject(features)) checkFeatures(features, at, findings)
  else findings.push({ at, message: 'must be an object of features' })
}

/** Whether a parsed body's value is a JSON object: no array, and no number kept with its digits. */
export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}
