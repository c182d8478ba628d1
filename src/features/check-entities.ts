import { type CategoryFeatures, isEmptyObject, isJsonObject, type ReadBody, readMapping, readReplacements } from './check-body.ts'
import { checkIdentifier } from './check-names.ts'
import type { FeatureMapping } from './feature-record.ts'
import { type Finding, MAX_FINDINGS } from './finding.ts'
import { MAX_READ_PAIRS, MAX_WRITE_CATEGORIES } from './limits.ts'

/** What a reader asks of several entities: the same of each. */
export type EntitiesMapping = { readonly identifiers: readonly string[]; readonly categories: FeatureMapping }

/** Features by identifier and category: the body of a write of several entities. */
export type EntityFeatures = ReadonlyMap<string, CategoryFeatures>

/** A body of identifiers and a mapping, of at most 1,000 pairs, those that are named twice counted twice. */
export const readEntitiesMapping: ReadBody<EntitiesMapping> = (body, findings) => {
  findings.push(...checkEntitiesMapping(body))
  return body as EntitiesMapping
}

function checkEntitiesMapping(body: unknown): Finding[] {
  if (!isJsonObject(body)) return [{ at: [], message: 'must be a JSON object with identifiers and categories' }]
  const { identifiers, categories, ...others } = body as Record<string, unknown>
  const pairs = countOf(identifiers) * (isJsonObject(categories) ? Object.keys(categories).length : 0)
  if (pairs > MAX_READ_PAIRS) {
    return [{ at: [], message: `must ask for at most ${MAX_READ_PAIRS} pairs of identifier and category, asks for ${pairs}` }]
  }
  const unknown = Object.keys(others).map((name) => ({ at: [name], message: 'is not known; send identifiers and categories' }))
  const ofIdentifiers: Finding[] = []
  checkIdentifiers(identifiers, ['identifiers'], ofIdentifiers)
  const ofMapping: Finding[] = []
  readMapping(categories, ofMapping, ['categories'])
  return [...unknown, ...ofIdentifiers, ...ofMapping].slice(0, MAX_FINDINGS)
}

/** A body of features by identifier and category, of at most 500 categories in all. */
export const readEntityFeatures: ReadBody<EntityFeatures> = (body, findings) => {
  const entities = new Map<string, CategoryFeatures>()
  if (!isJsonObject(body)) {
    findings.push({ at: [], message: 'must be a JSON object keyed by identifier' })
    return entities
  }
  const count = Object.values(body).reduce((sum, categories) => sum + countCategories(categories), 0)
  if (count > MAX_WRITE_CATEGORIES) {
    findings.push({ at: [], message: `must have at most ${MAX_WRITE_CATEGORIES} categories in all, has ${count}` })
    return entities
  }
  for (const [identifier, categories] of Object.entries(body)) {
    if (findings.length >= MAX_FINDINGS) break
    const fault = checkIdentifier(identifier)
    if (fault !== undefined) findings.push({ at: [identifier], message: `identifier ${fault}` })
    else if (isEmptyObject(categories)) findings.push({ at: [identifier], message: 'must have at least one category' })
    else entities.set(identifier, readReplacements(categories, findings, [identifier]))
  }
  return entities
}

// What is no object is one fault.
function countCategories(categories: unknown): number {
  return isJsonObject(categories) ? Object.keys(categories).length : 1
}

function checkIdentifiers(identifiers: unknown, at: readonly PropertyKey[], findings: Finding[]): void {
  if (!Array.isArray(identifiers) || identifiers.length === 0) {
    findings.push({ at, message: 'must be an array of at least one identifier' })
    return
  }
  for (const [index, identifier] of identifiers.entries()) {
    if (findings.length >= MAX_FINDINGS) return
    const fault = typeof identifier === 'string' ? checkIdentifier(identifier) : 'must be a string'
    if (fault !== undefined) findings.push({ at: [...at, index], message: fault })
  }
}

function countOf(identifiers: unknown): number {
  return Array.isArray(identifiers) ? identifiers.length : 0
}
