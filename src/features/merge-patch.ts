import { ENCODED_NULL, type EncodedFeatures } from './encode-features.ts'
import { FLAG_BYTES, MEMBER_BYTES } from './value-bytes.ts'

/** Features to set, and names of those to remove. */
export type MergePatch = { features: EncodedFeatures; removed: readonly string[] }

/** A merge patch as features to set and names to remove (RFC 7396, JSON Merge Patch: null removes), at the top level alone. */
export function splitPatch({ members, bytes }: EncodedFeatures): MergePatch {
  const kept = new Map(members)
  const removed = [...members.keys()].filter((name) => members.get(name) === ENCODED_NULL)
  for (const name of removed) kept.delete(name)
  const removedBytes = removed.reduce((sum, name) => sum + MEMBER_BYTES + Buffer.byteLength(name) + FLAG_BYTES, 0)
  return { features: { members: kept, bytes: bytes - removedBytes }, removed }
}
