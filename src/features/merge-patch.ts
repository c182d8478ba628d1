import type { Features } from './feature-record.ts'

/** Features to set, and names of those to remove. */
export type MergePatch = { features: Features; removed: readonly string[] }

/** A merge patch as features to set and names to remove (RFC 7396, JSON Merge Patch: null removes), at the top level alone. */
export function splitPatch(patch: Features): MergePatch {
  const members = Object.entries(patch)
  return {
    // fromEntries defines its keys, so that no name (`__proto__`) can act as a setter.
    features: Object.fromEntries(members.filter(([, value]) => value !== null)),
    removed: members.filter(([, value]) => value === null).map(([name]) => name),
  }
}
