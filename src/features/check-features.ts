import { checkFeatureName } from './check-names.ts'
import { checkNumber } from './check-number.ts'
import { MAX_NESTING } from './limits.ts'

/** One thing that cannot be kept, and where: names and indexes from the body's root. */
export type Finding = { at: readonly PropertyKey[]; message: string }

/** A request with thousands of faults needs no thousands of messages. */
export const MAX_FINDINGS = 20

/**
 * Adds to `findings` what of one category's features DynamoDB would refuse or change: a name, a number, a lone surrogate,
 * the nesting. Stops at MAX_FINDINGS. `at` is the category's own place.
 */
export function checkFeatures(features: object, at: readonly PropertyKey[], findings: Finding[]): void {
  const place = [...at]

  function visitMembers(container: object, depth: number): void {
    if (Array.isArray(container)) {
      for (const [index, item] of container.entries()) visit(index, item, undefined, depth)
    } else {
      for (const [name, member] of Object.entries(container)) visit(name, member, checkFeatureName(name), depth)
    }
  }

  function visit(segment: PropertyKey, value: unknown, nameFault: string | undefined, depth: number): void {
    if (findings.length >= MAX_FINDINGS) return
    place.push(segment)
    const fault = nameFault === undefined ? checkValue(value, depth) : `feature name ${nameFault}`
    if (fault !== undefined) findings.push({ at: [...place], message: fault })
    else if (isContainer(value)) visitMembers(value, depth + 1)
    place.pop()
  }

  visitMembers(features, 0)
}

/** What is wrong with a value itself, `depth` containers deep, or undefined; what it holds is looked at on its own. */
function checkValue(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : 'holds a lone surrogate, which UTF-8 cannot represent'
  if (typeof value === 'number') return checkNumber(String(value))
  if (JSON.isRawJSON(value)) return checkNumber(value.rawJSON)
  if (isContainer(value) && depth === MAX_NESTING) return `nested deeper than ${MAX_NESTING} arrays or objects`
  return undefined
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON(value)
}
