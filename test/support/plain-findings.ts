import type { Finding } from '../../src/features/finding.ts'
import { canonicalDecimal } from './canonical-json.ts'
import { significantDigits } from './plain-encoding.ts'

/** What of features cannot be kept, all of it, in the order of a reader: the rule that the service's one pass is held to. */
export function* plainFindings(container: object, at: readonly PropertyKey[], depth = 0): Generator<Finding> {
  for (const [key, value] of Object.entries(container)) {
    const place = [...at, Array.isArray(container) ? Number(key) : key]
    const message = (Array.isArray(container) ? undefined : nameFault(key)) ?? valueFault(value, depth)
    if (message !== undefined) yield { at: place, message }
    else if (isContainer(value)) yield* plainFindings(value, place, depth + 1)
  }
}

function nameFault(name: string): string | undefined {
  if (name === '__proto__') return 'feature name "__proto__" is not allowed as a name'
  if (name === '') return 'feature name must not be empty'
  if (/\p{Surrogate}/u.test(name)) return 'feature name holds a lone surrogate, which UTF-8 cannot represent'
  const bytes = Buffer.byteLength(name)
  return bytes > 65_535 ? `feature name must be at most 65535 bytes of UTF-8, is ${bytes}` : undefined
}

function valueFault(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return 'holds a lone surrogate, which UTF-8 cannot represent'
  if (typeof value === 'number') return numberFault(String(value))
  if (JSON.isRawJSON(value)) return numberFault(value.rawJSON)
  return isContainer(value) && depth === 29 ? 'nested deeper than 29 arrays or objects' : undefined
}

function numberFault(text: string): string | undefined {
  if (text.endsWith('Infinity')) return 'number is larger than 9.99…E+125'
  const digits = significantDigits(text)
  const magnitude = digits === 0 ? 0 : digits - 1 + Number(canonicalDecimal(text).split('e')[1])
  if (digits > 38) return 'number has more than 38 significant digits'
  if (magnitude > 125) return 'number is larger than 9.99…E+125'
  return magnitude < -130 ? 'number is smaller than 1E-130' : undefined
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON(value)
}
