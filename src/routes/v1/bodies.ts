import { z } from 'zod'
import {
  type CategoryFeatures,
  checkCategoryFeatures,
  checkFeatureMapping,
  checkFeaturePatch,
  isEmptyObject,
  isJsonObject,
} from '../../features/check-body.ts'
import {
  checkEntitiesMapping,
  checkEntityFeatures,
  type EntitiesMapping,
  type EntityFeatures,
} from '../../features/check-entities.ts'
import type { Finding } from '../../features/check-features.ts'
import type { Features } from '../../features/feature-record.ts'
import { MAX_READ_CATEGORIES, MAX_READ_PAIRS, MAX_WRITE_CATEGORIES } from '../../features/limits.ts'
import type { FeatureMapping } from '../../features/pick-features.ts'
import { DATA_EXAMPLE, MAPPING_EXAMPLE, USER_EXAMPLE } from './examples.ts'

const EMPTY_BODY = 'Body cannot be empty'
const EMPTY_MAPPING = 'Mapping body cannot be empty'

/** A whole body held to the rules of the domain, which name each fault's place; `{}` and no body at all are EMPTY_BODY. */
function ruledBody<Body>(check: (body: unknown) => Finding[], emptyMessage: string) {
  return z.custom<Body>().superRefine((body, context) => {
    if (isEmptyObject(body)) refuseEmpty(context, emptyMessage)
    else for (const { at, message } of check(body)) context.addIssue({ code: 'custom', path: [...at], message })
  })
}

function refuseEmpty(context: z.core.$RefinementCtx, message: string): void {
  context.addIssue({ code: 'custom', message, params: { code: 'EMPTY_BODY' } })
}

const jsonValue = { description: 'Any JSON value; numbers keep up to 38 significant digits' }
const categoryFeatures = { type: 'object', additionalProperties: { type: 'object', additionalProperties: jsonValue } }

const mapping = {
  type: 'object',
  description: 'Names of features by category; an empty list asks for all of that category',
  minProperties: 1,
  maxProperties: MAX_READ_CATEGORIES,
  additionalProperties: { type: 'array', items: { type: 'string' } },
} as const

export const mappingBody = ruledBody<FeatureMapping>(checkFeatureMapping, EMPTY_MAPPING).meta({
  ...mapping,
  examples: [MAPPING_EXAMPLE],
})

export const entitiesBody = ruledBody<EntitiesMapping>(checkEntitiesMapping, EMPTY_BODY)
  .superRefine((body, context) => {
    if (isJsonObject(body) && isEmptyObject(body.categories)) refuseEmpty(context, EMPTY_MAPPING)
  })
  .meta({
    type: 'object',
    description: `The same features of several entities; at most ${MAX_READ_PAIRS} pairs of identifier and category`,
    properties: {
      identifiers: { type: 'array', minItems: 1, maxItems: MAX_READ_PAIRS, items: { type: 'string' } },
      categories: mapping,
    },
    required: ['identifiers', 'categories'],
    additionalProperties: false,
    examples: [{ identifiers: ['user123', 'user456'], categories: MAPPING_EXAMPLE }],
  })

export const writeBody = ruledBody<CategoryFeatures>(checkCategoryFeatures, EMPTY_BODY).meta({
  ...categoryFeatures,
  description: 'Features by category; each category is replaced as a whole',
  minProperties: 1,
  maxProperties: MAX_WRITE_CATEGORIES,
  examples: [{ trans_features: DATA_EXAMPLE, user_features: USER_EXAMPLE }],
})

export const entityFeaturesBody = ruledBody<EntityFeatures>(checkEntityFeatures, EMPTY_BODY).meta({
  type: 'object',
  description: `Features by identifier and category, at most ${MAX_WRITE_CATEGORIES} categories in all; each is replaced as a whole`,
  minProperties: 1,
  maxProperties: MAX_WRITE_CATEGORIES,
  additionalProperties: { ...categoryFeatures, minProperties: 1 },
  examples: [
    { user123: { trans_features: DATA_EXAMPLE, user_features: USER_EXAMPLE }, user456: { trans_features: DATA_EXAMPLE } },
  ],
})

export const patchBody = ruledBody<Features>(checkFeaturePatch, EMPTY_BODY).meta({
  type: 'object',
  description: 'Values by feature; null removes one',
  minProperties: 1,
  additionalProperties: jsonValue,
  examples: [{ num_transactions: 26, avg_credit_30d: null }],
})
