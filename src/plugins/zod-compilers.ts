import type { FastifySchemaCompiler, FastifyServerOptions } from 'fastify'
import type { z } from 'zod'
import { PROBLEMS, type ProblemCode, ServiceError, ValidationError } from '../errors.ts'
import { jsonPath } from '../json/json-path.ts'

// Query parameters whose bad value has a code of its own.
const QUERY_CODES: Readonly<Record<string, ProblemCode>> = { table_type: 'INVALID_TABLE_TYPE' }

type CompilersFactory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>
type ValidatorFactory = NonNullable<CompilersFactory['buildValidator']>

const compileValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data) => {
    const parsed = schema.safeParse(data)
    if (parsed.success) return { value: parsed.data }
    return { error: toRequestError(parsed.error.issues, httpPart) }
  }
}

function toRequestError(issues: readonly z.core.$ZodIssue[], httpPart: string | undefined): ServiceError {
  for (const issue of issues) {
    const code = httpPart === 'querystring' ? QUERY_CODES[String(issue.path[0])] : ownCode(issue)
    if (code) return new ServiceError(code, issue.message)
  }
  const pathText = httpPart === 'body' ? jsonPath : (path: PropertyKey[]) => path.join('.')
  return new ValidationError(issues.map(({ path, message }) => ({ path: pathText(path), message })))
}

/** A schema names a code of its own in a custom issue: `params: { code }`. */
function ownCode(issue: z.core.$ZodIssue): ProblemCode | undefined {
  const named: unknown = issue.code === 'custom' ? issue.params?.code : undefined
  return typeof named === 'string' && named in PROBLEMS ? (named as ProblemCode) : undefined
}

function writeReply(reply: unknown): string {
  try {
    return JSON.stringify(reply)
  } catch (error) {
    // V8's longest string has 2^29 - 24 characters.
    if (!(error instanceof RangeError)) throw error
    throw new ValidationError([{ path: '$', message: 'asks for more than fits one reply; ask for less at once' }])
  }
}

/**
 * Requests are checked by the routes' zod schemas: what breaks them is 422, or the code that the schema names. Replies come from
 * our own types: the schema documents them, and the API's tests hold each one against it. Given to Fastify when it is made, or
 * it would load Ajv and fast-json-stringify first: a tenth of a start.
 */
export const zodCompilers: CompilersFactory = {
  // Fastify's type knows Ajv's schemas only.
  buildValidator: (() => compileValidator) as unknown as ValidatorFactory,
  buildSerializer: () => () => writeReply,
}
