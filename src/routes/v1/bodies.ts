import { z } from 'zod'
import {
  isEmptyObject,
  isJsonObject,
  type ReadBody,
  readMappingBody,
  readPatchBody,
  readWriteBody,
} from '../../features/check-body.ts'
import { readEntitiesMapping, readEntityFeatures } from '../../features/check-entities.ts'
import type { Finding } from '../../features/finding.ts'
import { MAX_READ_CATEGORIES, MAX_READ_PAIRS, MAX_WRITE_CATEGORIES } from '../../features/limits.ts'
import { DATA_EXAMPLE, MAPPING_EXAMPLE, USER_EXAMPLE } from './examples.ts'

const EMPTY_BODY = 'Body cannot be empty'
const EMPTY_MAPPING = 'Mapping body cannot be empty'

/** What OpenAPI says of a body. */
type Description = { type: 'object' } & Record<string, unknown>

/**
 * A whole body as the domain reads it in one pass, which names each fault's place; one that is empty, or has an empty mapping,
 * is EMPTY_BODY. The schema describes: zod itself looks into nothing.
 * @param whyEmpty what is said of a body that is empty; undefined: it is not.
 */
function ruledBody<Body>(read: ReadBody<Body>, whyEmpty: (body: unknown) => string | undefined, description: Description) {
  return z
    .custom<unknown>()
    .meta(description)
    .transform((body, context) => {
      // No JSON makes a Map: it was read off the body's text already.
      if (body instanceof Map) return body as Body
      const emptiness = whyEmpty(body)
      if (emptiness !== undefined) {
        context.addIssue({ code: 'custom', message: emptiness, params: { code: 'EMPTY_BODY' } })
        return z.NEVER
      }
      const findings: Finding[] = []
      const value = read(body, findings)
      for (const { at, message } of findings) context.addIssue({ code: 'custom', path: [...at], message })
      return findings.length === 0 ? value : z.NEVER
    })
}

function whyEmptyBody(body: unknown): string | undefined {
  return isEmptyObject(body) ? EMPTY_BODY : undefined
}

function whyEmptyMapping(body: unknown): string | undefined {
  return isEmptyObject(body) ? EMPTY_MAPPING : undefined
}

/** Of a body that has a mapping as its `categories`. */
function whyEmptyCategories(body: unknown): string | undefined {
  return isJsonObject(body) && 'categories' in body ? whyEmptyMapping(body.categories) : whyEmptyBody(body)
}

const jsonValue = { description: 'Any JSON value; numbers keep up to 38 significant digits' }
const categoryFeatures = { type: 'object', additionalProperties: { type: 'object', additionalProperties: jsonValue } } as const

const mapping = {
  type: 'object',
  description: 'Names of features by category; an empty list asks for all of that category',
  minProperties: 1,
  maxProperties: MAX_READ_CATEGORIES,
  additionalProperties: { type: 'array', items: { type: 'string' } },
} as const

export const mappingBody = ruledBody(readMappingBody, whyEmptyMapping, {
  ...mapping,
  examples: [MAPPING_EXAMPLE],
})

export const entitiesBody = ruledBody(readEntitiesMapping, whyEmptyCategories, {
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

export const writeBody = ruledBody(readWriteBody, whyEmptyBody, {
  ...categoryFeatures,
  description: 'Features by category; each category is replaced as a whole',
  minProperties: 1,
  maxProperties: MAX_WRITE_CATEGORIES,
  examples: [{ trans_features: DATA_EXAMPLE, user_features: USER_EXAMPLE }],
})

export const entityFeaturesBody = ruledBody(readEntityFeatures, whyEmptyBody, {
  type: 'object',
  description: `Features by identifier and category, at most ${MAX_WRITE_CATEGORIES} categories in all; each is replaced as a whole`,
  minProperties: 1,
  maxProperties: MAX_WRITE_CATEGORIES,
  additionalProperties: { ...categoryFeatures, minProperties: 1 },
  examples: [
    { user123: { trans_features: DATA_EXAMPLE, user_features: USER_EXAMPLE }, user456: { trans_features: DATA_EXAMPLE } },
  ],
})

export const patchBody = ruledBody(readPatchBody, whyEmptyBody, {
  type: 'object',
  description: 'Values by feature; null removes one',
  minProperties: 1,
  additionalProperties: jsonValue,
  examples: [{ num_transactions: 26, campaign: null }],
})
