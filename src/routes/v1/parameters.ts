import { z } from 'zod'
import { checkCategory, checkIdentifier, checkWritableCategory, isWritersName } from '../../features/check-names.ts'
import { parseEventTime } from '../../features/event-time.ts'
import { DEFAULT_WRITER, TABLE_TYPES, type WriterMetadata } from '../../features/feature-record.ts'
import {
  DEFAULT_PAGE_CATEGORIES,
  MAX_CATEGORY_BYTES,
  MAX_IDENTIFIER_BYTES,
  MAX_METADATA_CHARACTERS,
  MAX_PAGE_CATEGORIES,
  MAX_TTL_SECONDS,
} from '../../features/limits.ts'

/** A string held to a rule of the domain, which says what is wrong or nothing. */
function ruledString(rule: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const fault = rule(text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })
}

/** What OpenAPI says of a parameter; of its text, as zod leaves out the examples and the default of what is parsed. */
type Description = { description: string; type?: string } & Record<string, unknown>

/** A query parameter as what its text stands for; `must` says what is expected where it stands for nothing. */
function parsedText<Value>(parse: (text: string) => Value | undefined, must: string, description: Description) {
  return z
    .custom<string>()
    .meta(description)
    .transform((text, context) => {
      const value = typeof text === 'string' ? parse(text) : undefined
      if (value !== undefined) return value
      context.addIssue({ code: 'custom', message: `must be ${must}` })
      return z.NEVER
    })
}

/** A whole number from 1 to `max`. */
function wholeNumber(max: number, must: string, description: Description) {
  return parsedText(
    (text) => {
      const number = /^\d{1,10}$/.test(text) ? Number(text) : 0
      return number >= 1 && number <= max ? number : undefined
    },
    must,
    { type: 'integer', minimum: 1, maximum: max, ...description },
  )
}

/** A form on the docs page does the encoding itself. */
function inPath(maxBytes: number): string {
  return `1 to ${maxBytes} bytes of UTF-8; in a URL, percent-encoded`
}

const identifier = ruledString(checkIdentifier).meta({
  description: `The entity: a user's or an account's id, ${inPath(MAX_IDENTIFIER_BYTES)}`,
  examples: ['user123'],
})

const CATEGORY = {
  description: `A named group of features, ${inPath(MAX_CATEGORY_BYTES)}`,
  examples: ['trans_features'],
}

export const identifierParams = z.object({ identifier })
export const categoryParams = z.object({ identifier, category: ruledString(checkCategory).meta(CATEGORY) })
export const writableCategoryParams = z.object({ identifier, category: ruledString(checkWritableCategory).meta(CATEGORY) })

const table_type = z
  .enum(TABLE_TYPES, { error: `table_type must be one of: ${TABLE_TYPES.join(', ')}` })
  .default('bright_uid')
  .meta({ description: 'The table, and by it the kind of identifier' })

const CONSISTENT: Readonly<Record<string, boolean>> = { true: true, false: false }

const consistent = parsedText((text) => (Object.hasOwn(CONSISTENT, text) ? CONSISTENT[text] : undefined), 'true or false', {
  type: 'boolean',
  default: false,
  description: 'Whether to see every write that was acknowledged before; else one of the last second may not be seen yet',
}).default(false)

export const readQuery = z.object({ table_type, consistent })

export const pageQuery = readQuery.extend({
  limit: wholeNumber(MAX_PAGE_CATEGORIES, `a whole number from 1 to ${MAX_PAGE_CATEGORIES}`, {
    default: DEFAULT_PAGE_CATEGORIES,
    description: 'Categories of a page, at most; large ones make it shorter',
  }).default(DEFAULT_PAGE_CATEGORIES),
  cursor: z.string().optional().meta({ description: 'The next_cursor of the page before' }),
})

/** Who or what wrote the features. */
function writersName(description: string, example: string) {
  return parsedText((text) => (isWritersName(text) ? text : undefined), `1 to ${MAX_METADATA_CHARACTERS} characters`, {
    type: 'string',
    minLength: 1,
    maxLength: MAX_METADATA_CHARACTERS,
    description,
    examples: [example],
  }).optional()
}

const writersParameters = {
  source: writersName('Who writes; "api" if left out', 'daily-job'),
  compute_id: writersName('Which computation the features come from; "None" if left out', 'run-2025-10-07'),
  ttl: wholeNumber(MAX_TTL_SECONDS, `whole seconds from 1 to ${MAX_TTL_SECONDS} (ten years)`, {
    description: 'Seconds from now on after which the categories are missing; if left out, they stay until they are replaced',
    examples: [86400],
  }).optional(),
  event_time: parsedText(
    parseEventTime,
    'a time with a zone as RFC 3339 has it, such as 2025-10-07T07:46:26.943Z, or whole milliseconds since the epoch',
    {
      type: 'string',
      description:
        'When the features were true: RFC 3339 with a zone, or epoch milliseconds. A category with a later one is not written',
      examples: ['2025-10-07T07:46:26.943Z'],
    },
  ).optional(),
}

export const writeQuery = z.object({ table_type, ...writersParameters })

/** Of a change that keeps what the writer of a category said of it: to pass over such a wish would be no true answer. */
export const changeQuery = z.looseObject({ table_type }).superRefine((query, context) => {
  for (const name of Object.keys(writersParameters)) {
    if (!Object.hasOwn(query, name)) continue
    context.addIssue({ code: 'custom', path: [name], message: 'is taken only by a POST that replaces categories' })
  }
})

/** What a writer says of its features, by the query of its request. */
export function writerOf({ source, compute_id, ttl, event_time }: z.infer<typeof writeQuery>): WriterMetadata {
  return {
    source: source ?? DEFAULT_WRITER.source,
    computeId: compute_id ?? DEFAULT_WRITER.computeId,
    ttlSeconds: ttl,
    eventTimeMs: event_time,
  }
}
