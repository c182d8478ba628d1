import { type CategoryFeatures, checkMapping, checkReplacements, findAll, isEmptyObject, isJsonObject } from './check-body.ts'
import { type Finding, MAX_FINDINGS } from './check-features.ts'
import { checkIdentifier } from './check-names.ts'
import { MAX_READ_PAIRS, MAX_WRITE_CATEGORIES } from './limits.ts'
import type { FeatureMapping } from './pick-features.ts'

/** What a reader asks of several entities: the same of each. */
export type EntitiesMapping = { readonly identifiers: readonly string[]; readonly categories: FeatureMapping }

/** Features by identifier and category: the body of a write of several entities. */
export type EntityFeatures = { readonly [identifier: string]: CategoryFeatures }

/** What keeps a body from being an EntitiesMapping of at most 1,000 pairs, those that are named twice counted twice. */
export function checkEntitiesMapping(body: unknown): Finding[] {
  if (!isJsonObject(body)) return [{ at: [], message: 'must be a JSON object with identifiers and categories' }]
  const { identifiers, categories, ...others } = body as Record<string, unknown>
  const pairs = countOf(identifiers) * (isJsonObject(categories) ? Object.keys(categories).length : 0)
  if (pairs > MAX_READ_PAIRS) {
    return [{ at: [], message: `must ask for at most ${MAX_READ_PAIRS} pairs of identifier and category, asks for ${pairs}` }]
  }
  const unknown = Object.keys(others).map((name) => ({ at: [name], message: 'is not known; send identifiers and categories' }))
  const findings = [...unknown, ...findAll(identifiers, ['identifiers'], checkIdentifiers)]
  return [...findings, ...findAll(categories, ['categories'], checkMapping)].slice(0, MAX_FINDINGS)
}

/** What keeps a body from being EntityFeatures of at most 500 categories in all. */
export function checkEntityFeatures(body: unknown): Finding[] {
  if (!isJsonObject(body)) return [{ at: [], message: 'must be a JSON object keyed by identifier' }]
  const entities = Object.entries(body)
  const count = entities.reduce((sum, [, categories]) => sum + (isJsonObject(categories) ? Object.keys(categories).length : 1), 0)
  if (count > MAX_WRITE_CATEGORIES) {
    return [{ at: [], message: `must have at most ${MAX_WRITE_CATEGORIES} categories in all, has ${count}` }]
  }
  const findings: Finding[] = []
  for (const [identifier, categories] of entities) {
    if (findings.length >= MAX_FINDINGS) break
    const fault = checkIdentifier(identifier)
    if (fault !== undefined) findings.push({ at: [identifier], message: `identifier ${fault}` })
    else if (isEmptyObject(categories)) findings.push({ at: [identifier], message: 'must have at least one category' })
    else checkReplacements(categories, [identifier], findings)
  }
  return findings
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
