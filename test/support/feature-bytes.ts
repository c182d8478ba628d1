import { encodeFeatures } from '../../src/features/encode-features.ts'
import type { Features } from '../../src/features/feature-record.ts'

/** What features count for in an item's size; none of them may be one that is refused. */
export function bytesOfFeatures(features: Features): number {
  return encodeFeatures(features, [], []).bytes
}
