import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { App } from '../../src/app.ts'

/** What the check looks at of a reply. */
export type Reply = { method: string; url: string; status: number; contentType: string; json: unknown }

type Media = { schema?: object }
type Operation = { responses: Record<string, { content?: Record<string, Media> }> }
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

/**
 * Holds replies against /openapi.json: the status and content type must be documented for the route, and the body must
 * fit its schema. A reply that no route gives (404, 405, a bad URL) must be a Problem.
 */
export async function createOpenApiCheck(app: App): Promise<(reply: Reply) => void> {
  const document = (await app.inject('/openapi.json')).json<Document>()
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(document, 'openapi')
  const compiled = new Map<string, ValidateFunction>()

  function validatorAt(pointer: string): ValidateFunction {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    compiled.set(pointer, known)
    return known
  }

  function schemaPointer({ method, url, status, contentType }: Reply): string {
    const path = url.split('?', 1)[0] ?? ''
    const template = Object.keys(document.paths).find((candidate) => patternOf(candidate).test(path))
    const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()]
    if (template === undefined || operation === undefined || (status === 400 && !isDecodable(path)))
      return '/components/schemas/Problem'
    const mediaType = contentType.split(';', 1)[0] ?? ''
    if (!operation.responses[status]?.content?.[mediaType]) {
      throw new Error(`${method} ${template} is not documented to answer ${status} with ${mediaType}`)
    }
    const steps = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', mediaType, 'schema']
    return `/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
  }

  return (reply) => {
    const validate = validatorAt(schemaPointer(reply))
    if (validate(reply.json)) return
    throw new Error(`${reply.method} ${reply.url} ${reply.status} breaks /openapi.json: ${ajv.errorsText(validate.errors)}`)
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]*')}$`)
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
