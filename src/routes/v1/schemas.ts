import { z } from 'zod'
import { type CategoryFeatures, checkCategoryFeatures, checkFeatureMapping, isJsonObject } from '../../features/check-body.ts'
import type { Finding } from '../../features/check-features.ts'
import { checkCategory, checkIdentifier } from '../../features/check-names.ts'
import { type Features, TABLE_TYPES } from '../../features/feature-record.ts'
import { MAX_CATEGORY_BYTES, MAX_IDENTIFIER_BYTES, MAX_READ_CATEGORIES, MAX_WRITE_CATEGORIES } from '../../features/limits.ts'
import type { FeatureMapping } from '../../features/pick-features.ts'
import { replacedResult } from '../responses.ts'

const jsonValue = { description: 'Any JSON value; numbers keep up to 38 significant digits' }

const TIMESTAMP = '2025-10-07T07:46:26.943Z'
const METADATA_EXAMPLE = { created_at: TIMESTAMP, updated_at: TIMESTAMP, source: 'api', compute_id: 'None', ttl: 'None' }
const DATA_EXAMPLE = { avg_credit_30d: 150.5, num_transactions: 25 }
const ITEM_EXAMPLE = {
  bright_uid: 'user123',
  category: 'trans_features',
  features: { data: DATA_EXAMPLE, metadata: METADATA_EXAMPLE },
}

/** A string held to a rule of the domain, which says what is wrong or nothing. */
function ruledString(rule: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const fault = rule(text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })
}

/** A whole body held to the rules of the domain, which name each fault's place; `{}` and no body at all are EMPTY_BODY. */
function ruledBody<Body>(check: (body: unknown) => Finding[], emptyMessage: string) {
  return z.custom<Body>().superRefine((body, context) => {
    if (isJsonObject(body) && Object.keys(body).length === 0) {
      context.addIssue({ code: 'custom', message: emptyMessage, params: { code: 'EMPTY_BODY' } })
      return
    }
    for (const { at, message } of check(body)) context.addIssue({ code: 'custom', path: [...at], message })
  })
}

const identifier = ruledString(checkIdentifier).meta({
  description: `The entity: a user's or an account's id, percent-encoded; 1 to ${MAX_IDENTIFIER_BYTES} bytes of UTF-8`,
  examples: ['user123'],
})

const category = ruledString(checkCategory).meta({
  description: `A named group of features, percent-encoded; 1 to ${MAX_CATEGORY_BYTES} bytes of UTF-8`,
  examples: ['trans_features'],
})

export const identifierParams = z.object({ identifier })
export const categoryParams = z.object({ identifier, category })

export const tableQuery = z.object({
  table_type: z
    .enum(TABLE_TYPES, { error: `table_type must be one of: ${TABLE_TYPES.join(', ')}` })
    .default('bright_uid')
    .meta({ description: 'The table, and by it the kind of identifier' }),
})

export const mappingBody = ruledBody<FeatureMapping>(checkFeatureMapping, 'Mapping body cannot be empty').meta({
  type: 'object',
  description: 'Names of features by category; an empty list asks for all of that category',
  minProperties: 1,
  maxProperties: MAX_READ_CATEGORIES,
  additionalProperties: { type: 'array', items: { type: 'string' } },
  examples: [{ trans_features: ['avg_credit_30d', 'unknown_feature'], user_features: [] }],
})

export const writeBody = ruledBody<CategoryFeatures>(checkCategoryFeatures, 'Body cannot be empty').meta({
  type: 'object',
  description: 'Features by category; each category is replaced as a whole',
  minProperties: 1,
  maxProperties: MAX_WRITE_CATEGORIES,
  additionalProperties: { type: 'object', additionalProperties: jsonValue },
  examples: [{ trans_features: DATA_EXAMPLE, user_features: { age: 25, city: 'Lisbon', tags: ['new'] } }],
})

const features = z.custom<Features>().meta({ type: 'object', additionalProperties: jsonValue, description: 'Values by feature' })

const metadataValue = z.custom<Features[string]>()

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
    }),
  })
  .meta({ id: 'FeatureRecord' })

export const item = z
  .union([
    z.strictObject({ bright_uid: z.string(), category: z.string(), features: record }),
    z.strictObject({ account_id: z.string(), category: z.string(), features: record }),
  ])
  .meta({ id: 'Item', description: "One category of one entity; the first key is the table's own", examples: [ITEM_EXAMPLE] })

export const mappingReply = z
  .strictObject({
    identifier: z.string(),
    table_type: z.enum(TABLE_TYPES),
    items: z.record(z.string(), item).meta({ description: 'By category, those that are stored' }),
    missing_categories: z.array(z.string()).meta({ description: 'Asked for and not stored' }),
    missing_features: z.record(z.string(), z.array(z.string())).meta({ description: 'By category, asked for and not stored' }),
  })
  .meta({
    examples: [
      {
        identifier: 'user123',
        table_type: 'bright_uid',
        items: {
          trans_features: { ...ITEM_EXAMPLE, features: { data: { avg_credit_30d: 150.5 }, metadata: METADATA_EXAMPLE } },
        },
        missing_categories: ['user_features'],
        missing_features: { trans_features: ['unknown_feature'] },
      },
    ],
  })

export const writeReply = z
  .strictObject({
    message: z.string(),
    identifier: z.string(),
    table_type: z.enum(TABLE_TYPES),
    results: z.record(z.string(), replacedResult),
    total_features: z.int().nonnegative(),
  })
  .meta({
    examples: [
      {
        message: 'Items written successfully (full replace per category)',
        identifier: 'user123',
        table_type: 'bright_uid',
        results: {
          trans_features: { status: 'replaced', feature_count: 2 },
          user_features: { status: 'replaced', feature_count: 3 },
        },
        total_features: 5,
      },
    ],
  })
