import { checkCategory, checkWritableCategory } from './check-names.ts'
import { type EncodedFeatures, encodeFeatures } from './encode-features.ts'
import type { FeatureMapping } from './feature-record.ts'
import { type Finding, MAX_FINDINGS } from './finding.ts'
import { MAX_READ_CATEGORIES, MAX_WRITE_CATEGORIES } from './limits.ts'

/** Features by category, as the store takes them: the body of a write. */
export type CategoryFeatures = ReadonlyMap<string, EncodedFeatures>

/**
 * Reads a body, or a member of one that stands `at` a place, and adds what is wrong with it to the findings. What it returns is
 * of use only where nothing was added.
 */
export type ReadBody<Body> = (body: unknown, findings: Finding[], at?: readonly PropertyKey[]) => Body

const NO_FEATURES: EncodedFeatures = { members: new Map(), bytes: 0 }

/** A body of names of features by category. */
export const readMappingBody: ReadBody<FeatureMapping> = (body, findings) => {
  const fault = checkCount(body, MAX_READ_CATEGORIES)
  if (fault) findings.push(fault)
  else readMapping(body, findings)
  return body as FeatureMapping
}

/** A body of features by category that every store keeps exactly. */
export const readWriteBody: ReadBody<CategoryFeatures> = (body, findings) => {
  const fault = checkCount(body, MAX_WRITE_CATEGORIES)
  if (!fault) return readReplacements(body, findings)
  findings.push(fault)
  return new Map()
}

/** A body of features of one category, null for those to remove. */
export const readPatchBody: ReadBody<EncodedFeatures> = (body, findings) => readFeatures(body, findings)

/** A member of names of features by category. */
export const readMapping: ReadBody<FeatureMapping> = (mapping, findings, at = []) => {
  eachCategory(mapping, at, findings, checkCategory, (_, names, place) => checkNames(names, place, findings))
  return mapping as FeatureMapping
}

/** A member of features by category. */
export const readReplacements: ReadBody<CategoryFeatures> = (categories, findings, at = []) => {
  const replacements = new Map<string, EncodedFeatures>()
  eachCategory(categories, at, findings, checkWritableCategory, (category, features, place) =>
    replacements.set(category, readFeatures(features, findings, place)),
  )
  return replacements
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

function eachCategory(
  categories: unknown,
  at: readonly PropertyKey[],
  findings: Finding[],
  checkName: (category: string) => string | undefined,
  visit: (category: string, member: unknown, place: readonly PropertyKey[]) => void,
): void {
  if (!isJsonObject(categories)) {
    findings.push({ at, message: 'must be a JSON object keyed by category' })
    return
  }
  for (const [category, member] of Object.entries(categories)) {
    if (findings.length >= MAX_FINDINGS) return
    const fault = checkName(category)
    if (fault === undefined) visit(category, member, [...at, category])
    else findings.push({ at: [...at, category], message: `category ${fault}` })
  }
}

function checkNames(names: unknown, at: readonly PropertyKey[], findings: Finding[]): void {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return
  findings.push({ at, message: 'must be an array of feature names; an empty one asks for all of the category' })
}

function readFeatures(features: unknown, findings: Finding[], at: readonly PropertyKey[] = []): EncodedFeatures {
  if (isJsonObject(features)) return encodeFeatures(features, at, findings)
  findings.push({ at, message: 'must be an object of features' })
  return NO_FEATURES
}
