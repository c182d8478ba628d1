import { checkFeatures, type Finding, MAX_FINDINGS } from './check-features.ts'
import { checkCategory, checkWritableCategory } from './check-names.ts'
import type { Features } from './feature-record.ts'
import { MAX_READ_CATEGORIES, MAX_WRITE_CATEGORIES } from './limits.ts'

/** Features by category: the body of a write. */
export type CategoryFeatures = { readonly [category: string]: Features }

/** A member of a body, where it is, and what is wrong with it so far. */
type Check = (member: unknown, at: readonly PropertyKey[], findings: Finding[]) => void

/** What keeps a body from being names of features by category; none: it is a FeatureMapping. */
export function checkFeatureMapping(body: unknown): Finding[] {
  const fault = checkCount(body, MAX_READ_CATEGORIES)
  return fault ? [fault] : findAll(body, [], checkMapping)
}

/** What keeps a body from being features by category that every store keeps exactly; none: it is CategoryFeatures. */
export function checkCategoryFeatures(body: unknown): Finding[] {
  const fault = checkCount(body, MAX_WRITE_CATEGORIES)
  return fault ? [fault] : findAll(body, [], checkReplacements)
}

/** What keeps a body from being features of one category, null for those to remove; none: it is a merge patch. */
export function checkFeaturePatch(body: unknown): Finding[] {
  return findAll(body, [], checkFeatureObject)
}

/** Adds what keeps a member from being names of features by category. */
export const checkMapping: Check = (mapping, at, findings) => checkCategories(mapping, at, findings, checkNames)

/** Adds what keeps a member from being features by category. */
export const checkReplacements: Check = (categories, at, findings) =>
  checkCategories(categories, at, findings, checkFeatureObject, checkWritableCategory)

/** All that one check finds. */
export function findAll(member: unknown, at: readonly PropertyKey[], check: Check): Finding[] {
  const findings: Finding[] = []
  check(member, at, findings)
  return findings
}

/** Whether a parsed body's value is a JSON object: no array, and no number kept with its digits. */
export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}

/** Whether it is one without members. */
export function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0
}

function checkCount(body: unknown, maxCategories: number): Finding | undefined {
  const count = isJsonObject(body) ? Object.keys(body).length : 0
  if (count <= maxCategories) return undefined
  return { at: [], message: `must have at most ${maxCategories} categories, has ${count}` }
}

function checkCategories(
  categories: unknown,
  at: readonly PropertyKey[],
  findings: Finding[],
  checkMember: Check,
  checkName = checkCategory,
): void {
  if (!isJsonObject(categories)) {
    findings.push({ at, message: 'must be a JSON object keyed by category' })
    return
  }
  for (const [category, member] of Object.entries(categories)) {
    if (findings.length >= MAX_FINDINGS) return
    const fault = checkName(category)
    if (fault === undefined) checkMember(member, [...at, category], findings)
    else findings.push({ at: [...at, category], message: `category ${fault}` })
  }
}

function checkNames(names: unknown, at: readonly PropertyKey[], findings: Finding[]): void {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return
  findings.push({ at, message: 'must be an array of feature names; an empty one asks for all of the category' })
}

function checkFeatureObject(features: unknown, at: readonly PropertyKey[], findings: Finding[]): void {
  if (isJsonObject(features)) checkFeatures(features, at, findings)
  else findings.push({ at, message: 'must be an object of features' })
}
