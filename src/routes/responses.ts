import { z } from 'zod'
import { PROBLEMS, type ProblemCode, problemType, UNTOLD_CODES } from '../errors.ts'

const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => !UNTOLD_CODES.includes(code))

/** What a write says of a category that it replaced. */
export const replacedResult = z.strictObject({ status: z.literal('replaced'), feature_count: z.int().nonnegative() })

/** What a write says of a category into which it merged features. */
export const mergedResult = z.strictObject({
  status: z.literal('merged'),
  feature_count: z.int().nonnegative().meta({ description: 'Features that were set' }),
  removed_count: z.int().nonnegative().meta({ description: 'Features that are not there any more' }),
})

const writeResult = z
  .union([
    replacedResult,
    mergedResult,
    z.strictObject({ status: z.literal('deleted') }),
    z.strictObject({
      status: z.enum(['failed', 'unknown']),
      code: z.enum(codes),
      stored_event_time: z.string().optional().meta({ description: 'With STALE_WRITE: what it was too old for' }),
    }),
  ])
  .meta({ id: 'WriteResult' })

const problem = z
  .strictObject({
    type: z.string().meta({ description: 'A URI of the kind of problem, one for each code' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What went wrong and what to do about it' }),
    instance: z.string().meta({ description: 'The path that was asked for' }),
    code: z.enum(codes),
    request_id: z.string().meta({ description: 'The same as the x-request-id header, and in the logs' }),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'With VALIDATION_FAILED: each fault with its JSONPath in the body, or its parameter' }),
    stored_event_time: z
      .string()
      .optional()
      .meta({ description: 'With STALE_WRITE: the latest event time that the write was too old for (RFC 3339)' }),
    results: z
      .union([z.record(z.string(), writeResult), z.record(z.string(), z.record(z.string(), writeResult))])
      .optional()
      .meta({
        description:
          'With a failed write: each category as replaced (merged, deleted), failed, or unknown (it may have been applied); ' +
          'of a write of several entities by identifier and category',
      }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

/** The success of a route, for its `response` schema. */
export function success<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

/** What a client is told when a code occurs: the `detail`, and the members that go with some codes. */
export type ProblemExample = { detail: string; errors?: object[]; results?: object; stored_event_time?: string }

/** The problems of a route, for its `response` schema: by status, each code with an example. `instance`: a path of the route. */
export function problems(instance: string, examples: Partial<Record<ProblemCode, ProblemExample>>) {
  const byStatus = new Map<number, [ProblemCode, ProblemExample][]>()
  for (const [code, example] of Object.entries(examples) as [ProblemCode, ProblemExample][]) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), [code, example]])
  }
  return Object.fromEntries([...byStatus].map(([status, entries]) => [status, describeStatus(instance, entries)]))
}

function describeStatus(instance: string, entries: readonly [ProblemCode, ProblemExample][]) {
  return {
    description: entries.map(([code]) => `\`${code}\``).join(' or '),
    content: {
      'application/problem+json': {
        schema: problem,
        examples: Object.fromEntries(entries.map(([code, example]) => [code, { value: exampleBody(instance, code, example) }])),
      },
    },
  }
}

function exampleBody(instance: string, code: ProblemCode, { detail, ...members }: ProblemExample) {
  const { status, title } = PROBLEMS[code]
  const request_id = 'f4241daf-41c3-438a-a20d-8f955942bfea'
  return { type: problemType(code), title, status, detail, instance, code, request_id, ...members }
}
