import { ValidationError } from '../../errors.ts'
import type { EncodedFeatures } from '../../features/encode-features.ts'
import { DEFAULT_WRITER } from '../../features/feature-record.ts'
import { estimateFeatureBytes } from '../../features/item-size.ts'
import { MAX_EXPANDED_EXPRESSION_BYTES, MAX_EXPRESSION_BYTES } from '../../features/limits.ts'
import type { MergePatch } from '../../features/merge-patch.ts'
import { isExpired, type StoredState } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import {
  dataJson,
  featuresJson,
  IS_ABSENT,
  IS_DELETED,
  IS_EXPIRED,
  IS_LATER,
  IS_NOT_EXPIRED,
  KEEP_CREATED_AT,
  metadataJson,
  prepareUpdate,
  timeValues,
  type UpdateTerms,
  updateText,
  type Values,
  type WriteTime,
} from './item-update.ts'

const HAS_DATA = 'attribute_type(#F.#D, :map)'
const HAS_METADATA = 'attribute_type(#F.#metadata, :map)'

/** What a category has that was written by this service. */
const USUAL = { hasFeatures: true, hasData: true, hasMetadata: true }

type Terms = Pick<UpdateTerms, 'set' | 'remove' | 'conditions'>

/**
 * Merges features into a category (RFC 7396, JSON Merge Patch, at the top level: null removes), with all else of it kept but
 * its update's time. Each feature is set or removed where it is, so that no other's write is lost. Where there is no category
 * it creates one, which takes a second attempt, as only the first one's refusal tells.
 * @throws ValidationError when the patch is too long for one UpdateItem.
 */
export function mergeCategory({ features, removed }: MergePatch): Change {
  const data = dataJson(features.members)
  const members = toMembers(features.members, removed)

  /** Into the maps of a live item. What another writer left out, or put something else in the place of, is made anew. */
  function overLive({ hasFeatures, hasData, hasMetadata }: typeof USUAL): Terms {
    if (!hasFeatures) {
      const conditions = [IS_LATER, IS_NOT_EXPIRED, `NOT ${IS_ABSENT}`, `NOT ${IS_DELETED}`, 'NOT attribute_type(#F, :map)']
      return { set: ['#version=:version', '#F=:features', KEEP_CREATED_AT], conditions }
    }
    return {
      set: [
        '#version=:version',
        hasMetadata ? '#F.#metadata.#updated_at=:timestamp' : '#F.#metadata=:metadata',
        ...(hasData ? members.set : ['#F.#D=:data']),
      ],
      remove: hasData ? members.remove : [],
      conditions: [
        IS_LATER,
        IS_NOT_EXPIRED,
        ...(hasData && hasMetadata ? [] : ['attribute_type(#F, :map)']),
        hasData ? HAS_DATA : `NOT ${HAS_DATA}`,
        hasMetadata ? HAS_METADATA : `NOT ${HAS_METADATA}`,
      ],
    }
  }
  const overMaps = overLive(USUAL)
  const overNothing: Terms = {
    set: ['#version=:version', '#F=:features', '#created_at=:timestamp'],
    remove: ['#expires_at', '#event_time', '#deleted', '#buried'],
    conditions: [IS_LATER, `(${IS_ABSENT} OR ${IS_DELETED} OR ${IS_EXPIRED})`],
  }

  function valuesAt(at: WriteTime): Values {
    const times = timeValues(at)
    const metadata = metadataJson(DEFAULT_WRITER, times[':timestamp'])
    return { ...times, ...members.values, ':data': data, ':metadata': metadata, ':features': featuresJson(data, metadata) }
  }

  function termsFor(stored: StoredState | undefined, { nowMs }: WriteTime): Terms {
    if (stored === undefined) return overMaps
    if (!stored.exists || stored.tombstone || isExpired(stored.expiresAtSeconds, nowMs)) return overNothing
    return overLive(stored)
  }

  requireShort(updateText(overMaps), features, removed)
  return {
    featureCount: features.members.size,
    needsItem: true,
    updateFor: (stored, at) => prepareUpdate({ ...termsFor(stored, at), names: members.names })(valuesAt(at)),
  }
}

/** Each feature's own place, with placeholders as short as can be: the expression has 4 KB. */
function toMembers(features: ReadonlyMap<string, string>, removed: readonly string[]) {
  const keys = [...features.keys(), ...removed].map((name, index) => [index.toString(36), name] as const)
  return {
    set: keys.slice(0, features.size).map(([key]) => `#F.#D.#${key}=:${key}`),
    remove: keys.slice(features.size).map(([key]) => `#F.#D.#${key}`),
    names: Object.fromEntries(keys.map(([key, name]) => [`#${key}`, name])),
    values: Object.fromEntries([...features.values()].map((value, index) => [`:${index.toString(36)}`, value])),
  }
}

// What a feature's place costs beside its own name.
const PLACE_BYTES = 32

/** What DynamoDB takes in one update: its expression with placeholders, and with what they stand for. */
function requireShort(update: string, features: EncodedFeatures, removed: readonly string[]): void {
  const count = features.members.size + removed.length
  if (update.length > MAX_EXPRESSION_BYTES) refuse(count, `an update of ${update.length} bytes`, MAX_EXPRESSION_BYTES)
  const bytes = removed.reduce(
    (sum, name) => sum + Buffer.byteLength(name),
    estimateFeatureBytes(features.bytes) + count * PLACE_BYTES,
  )
  if (bytes > MAX_EXPANDED_EXPRESSION_BYTES) refuse(count, `names and values of ${bytes} bytes`, MAX_EXPANDED_EXPRESSION_BYTES)
}

function refuse(count: number, makes: string, limit: number): never {
  const message =
    `a patch of ${count} features makes ${makes}, DynamoDB takes ${limit}: ` +
    'send fewer at once, or write the whole category with POST /items/{identifier}'
  throw new ValidationError([{ path: '$', message }])
}
