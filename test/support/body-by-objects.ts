import { type CategoryFeatures, type ReadBody, readWriteBody } from '../../src/features/check-body.ts'
import { type EntityFeatures, readEntityFeatures } from '../../src/features/check-entities.ts'
import type { Finding } from '../../src/features/finding.ts'
import { parseJsonText } from '../../src/json/parse-json.ts'

/** A body by JSON.parse and the rules; undefined where it is no JSON, or breaks one. */
function byObjects<Body>(text: string, read: ReadBody<Body>): Body | undefined {
  try {
    const findings: Finding[] = []
    const body = read(parseJsonText(text), findings)
    return findings.length === 0 ? body : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export const writeByObjects = (text: string): CategoryFeatures | undefined => byObjects(text, readWriteBody)
export const entitiesByObjects = (text: string): EntityFeatures | undefined => byObjects(text, readEntityFeatures)
