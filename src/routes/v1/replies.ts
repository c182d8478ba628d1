import { z } from 'zod'
import { type Features, TABLE_TYPES } from '../../features/feature-record.ts'
import { mergedResult, replacedResult } from '../responses.ts'
import { CURSOR_EXAMPLE, ITEM_EXAMPLE, PICKED_EXAMPLE, USER_ITEM_EXAMPLE } from './examples.ts'

const tableType = z.enum(TABLE_TYPES)

const features = z.custom<Features>().meta({
  type: 'object',
  additionalProperties: { description: 'Any JSON value; numbers keep up to 38 significant digits' },
  description: 'Values by feature',
})

const metadataValue = z.custom<Features[string]>()
const timestamp = z.string()

const record = z
  .strictObject({
    data: features,
    metadata: z.strictObject({
      created_at: metadataValue.meta({
        description: 'The first write: RFC 3339, UTC, milliseconds; null where another writer left it out',
      }),
      updated_at: metadataValue.meta({ description: 'The last write' }),
      source: metadataValue.meta({ description: 'Who wrote it', default: 'api' }),
      compute_id: metadataValue.meta({ description: 'Which computation it came from', default: 'None' }),
      ttl: metadataValue.meta({ description: 'Time to live in seconds, or "None"', default: 'None' }),
      expires_at: timestamp.optional().meta({ description: 'From when on it is missing; only where it expires' }),
      event_time: timestamp.optional().meta({ description: 'When it was true; only where a writer said so' }),
    }),
  })
  .meta({ id: 'FeatureRecord' })

export const item = z
  .union([
    z.strictObject({ bright_uid: z.string(), category: z.string(), features: record }),
    z.strictObject({ account_id: z.string(), category: z.string(), features: record }),
  ])
  .meta({
    id: 'Item',
    description: "One category of one entity; the first key is the table's own",
    examples: [ITEM_EXAMPLE, USER_ITEM_EXAMPLE],
  })

const picked = {
  items: z.record(z.string(), item).meta({ description: 'By category, those that are stored' }),
  missing_categories: z.array(z.string()).meta({ description: 'Asked for and not stored' }),
  missing_features: z.record(z.string(), z.array(z.string())).meta({ description: 'By category, asked for and not stored' }),
}

export const mappingReply = z
  .strictObject({ identifier: z.string(), table_type: tableType, ...picked })
  .meta({ examples: [{ identifier: 'user123', table_type: 'bright_uid', ...PICKED_EXAMPLE }] })

export const entitiesReply = z
  .strictObject({
    table_type: tableType,
    entities: z.array(z.strictObject({ identifier: z.string(), ...picked })).meta({
      description: 'In the order asked for, each as often as it was asked for',
    }),
  })
  .meta({
    examples: [
      {
        table_type: 'bright_uid',
        entities: [
          { identifier: 'user123', ...PICKED_EXAMPLE },
          { identifier: 'user456', items: {}, missing_categories: ['trans_features', 'user_features'], missing_features: {} },
        ],
      },
    ],
  })

export const pageReply = z
  .strictObject({
    identifier: z.string(),
    table_type: tableType,
    items: z.record(z.string(), item).meta({ description: 'By category; pages follow their order' }),
    next_cursor: z.string().optional().meta({ description: 'Asks for the next page; not there on the last one' }),
  })
  .meta({
    examples: [
      {
        identifier: 'user123',
        table_type: 'bright_uid',
        items: { trans_features: ITEM_EXAMPLE, user_features: USER_ITEM_EXAMPLE },
        next_cursor: CURSOR_EXAMPLE,
      },
    ],
  })

const REPLACED_EXAMPLE = {
  trans_features: { status: 'replaced', feature_count: 2 },
  user_features: { status: 'replaced', feature_count: 3 },
}

const written = { message: z.string(), total_features: z.int().nonnegative() }
const WRITTEN_MESSAGE = 'Items written successfully (full replace per category)'

export const writeReply = z
  .strictObject({
    ...written,
    identifier: z.string(),
    table_type: tableType,
    results: z.record(z.string(), replacedResult),
  })
  .meta({
    examples: [
      {
        message: WRITTEN_MESSAGE,
        identifier: 'user123',
        table_type: 'bright_uid',
        results: REPLACED_EXAMPLE,
        total_features: 5,
      },
    ],
  })

export const entitiesWrittenReply = z
  .strictObject({
    ...written,
    table_type: tableType,
    results: z.record(z.string(), z.record(z.string(), replacedResult)).meta({ description: 'By identifier and category' }),
  })
  .meta({
    examples: [
      {
        message: WRITTEN_MESSAGE,
        table_type: 'bright_uid',
        results: { user123: REPLACED_EXAMPLE, user456: { trans_features: { status: 'replaced', feature_count: 2 } } },
        total_features: 7,
      },
    ],
  })

export const mergeReply = z
  .strictObject({
    message: z.string(),
    identifier: z.string(),
    table_type: tableType,
    results: z.record(z.string(), mergedResult),
  })
  .meta({
    examples: [
      {
        message: 'Features merged successfully',
        identifier: 'user123',
        table_type: 'bright_uid',
        results: { trans_features: { status: 'merged', feature_count: 1, removed_count: 1 } },
      },
    ],
  })

export const deleteReply = z
  .strictObject({ deleted: z.int().nonnegative().meta({ description: 'Categories that were there' }) })
  .meta({ examples: [{ deleted: 1 }] })
