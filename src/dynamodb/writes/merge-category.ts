import { ValidationError } from '../../errors.ts'
import { DEFAULT_WRITER, type Features } from '../../features/feature-record.ts'
import { MAX_EXPRESSION_BYTES } from '../../features/limits.ts'
import { splitPatch } from '../../features/merge-patch.ts'
import { toAttribute, toAttributeMap } from '../items/attribute-value.ts'
import { type Item, isExpired, type StoredState } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import {
  IS_ABSENT,
  IS_DELETED,
  IS_EXPIRED,
  IS_LATER,
  IS_NOT_EXPIRED,
  KEEP_CREATED_AT,
  metadataMap,
  timeValues,
  toUpdate,
  type UpdateTerms,
  updateText,
  type WriteTime,
} from './item-update.ts'

const HAS_DATA = 'attribute_type(#F.#D, :map)'
const HAS_METADATA = 'attribute_type(#F.#metadata, :map)'

type Terms = Pick<UpdateTerms, 'set' | 'remove' | 'conditions'>

/**
 * Merges features into a category (RFC 7396, JSON Merge Patch, at the top level: null removes), with all else of it kept but
 * its update's time. Each feature is set or removed where it is, so that no other's write is lost. Where there is no category
 * it creates one, which takes a second attempt, as only the first one's refusal tells.
 * @throws ValidationError when the patch is too long for one UpdateItem.
 */
export function mergeCategory(patch: Features): Change {
  const { features, removed } = splitPatch(patch)
  const data = { M: toAttributeMap(features) }
  const members = toMembers(features, removed)

  const overMaps: Terms = {
    set: ['#version=:version', '#F.#metadata.#updated_at=:timestamp', ...members.set],
    remove: members.remove,
    conditions: [IS_LATER, IS_NOT_EXPIRED, HAS_DATA, HAS_METADATA],
  }
  /** Another writer left the metadata out. */
  const overData: Terms = {
    set: ['#version=:version', '#F.#metadata=:metadata', ...members.set],
    remove: members.remove,
    conditions: [IS_LATER, IS_NOT_EXPIRED, HAS_DATA, `NOT ${HAS_METADATA}`],
  }
  /** Another writer put something else in the features' place, which reads as a category without features. */
  const overOther: Terms = {
    set: ['#version=:version', '#F=:features', KEEP_CREATED_AT],
    conditions: [IS_LATER, IS_NOT_EXPIRED, `NOT ${IS_ABSENT}`, `NOT ${IS_DELETED}`, `NOT ${HAS_DATA}`],
  }
  const overNothing: Terms = {
    set: ['#version=:version', '#F=:features', '#created_at=:timestamp'],
    remove: ['#expires_at', '#event_time', '#deleted'],
    conditions: [IS_LATER, `(${IS_ABSENT} OR ${IS_DELETED} OR ${IS_EXPIRED})`],
  }

  function valuesAt(at: WriteTime): Item {
    const metadata = metadataMap(DEFAULT_WRITER, at)
    return { ...timeValues(at), ...members.values, ':metadata': metadata, ':features': { M: { data, metadata } } }
  }

  function termsFor(stored: StoredState | undefined, { nowMs }: WriteTime): Terms {
    if (stored === undefined) return overMaps
    if (!stored.exists || stored.deleted !== undefined || isExpired(stored.expiresAtSeconds, nowMs)) return overNothing
    if (!stored.hasData) return overOther
    return stored.hasMetadata ? overMaps : overData
  }

  requireShort(overMaps, Object.keys(patch).length)
  return {
    featureCount: Object.keys(features).length,
    needsItem: true,
    updateFor: (stored, at) => toUpdate({ ...termsFor(stored, at), values: valuesAt(at), names: members.names }),
  }
}

/** Each feature's own place, with placeholders as short as can be: the expression has 4 KB. */
function toMembers(features: Features, removed: readonly string[]) {
  const kept = Object.keys(features)
  const keys = [...kept, ...removed].map((name, index) => [index.toString(36), name] as const)
  return {
    set: keys.slice(0, kept.length).map(([key]) => `#F.#D.#${key}=:${key}`),
    remove: keys.slice(kept.length).map(([key]) => `#F.#D.#${key}`),
    names: Object.fromEntries(keys.map(([key, name]) => [`#${key}`, name])),
    values: Object.fromEntries(keys.slice(0, kept.length).map(([key, name]) => [`:${key}`, toAttribute(features[name] ?? null)])),
  }
}

function requireShort(terms: Terms, count: number): void {
  const bytes = updateText(terms).length
  if (bytes <= MAX_EXPRESSION_BYTES) return
  throw new ValidationError([
    {
      path: '$',
      message:
        `a patch of ${count} features makes an update of ${bytes} bytes, DynamoDB takes ${MAX_EXPRESSION_BYTES}: ` +
        'send fewer at once, or write the whole category with POST /items/{identifier}',
    },
  ])
}
