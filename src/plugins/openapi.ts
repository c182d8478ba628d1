import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

type Media = { schema: unknown; examples?: unknown }
type Responses = Record<string, { content?: Record<string, Media> }>

/** The ways to send a key, as OpenAPI names them. */
export const KEY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key; reading needs its scope read, writing its scope write' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key in a header of its own' },
} as const

const ONE_OF_THEM = Object.keys(KEY_SCHEMES).map((scheme) => ({ [scheme]: [] }))

/** The same as transformRoute, for an API that asks for keys. */
export const transformRouteWithKeys: typeof transformRoute = (route) => {
  const { schema, url } = transformRoute(route)
  const isOpen = 'route' in route && route.route.config?.access === 'open'
  return { schema: isOpen ? schema : { ...schema, security: ONE_OF_THEM }, url }
}

/** A route's zod schemas as JSON Schema, and the examples of its responses, which the plain transform leaves out. */
export const transformRoute: NonNullable<FastifyDynamicSwaggerOptions['transform']> = (route) => {
  const result = jsonSchemaTransform(route as Parameters<typeof jsonSchemaTransform>[0])
  const given = (route.schema?.response ?? {}) as Responses
  const transformed = (result.schema?.response ?? {}) as Responses
  for (const [status, response] of Object.entries(given)) {
    for (const [type, { examples }] of Object.entries(response.content ?? {})) {
      const media = transformed[status]?.content?.[type]
      if (media && examples !== undefined) media.examples = examples
    }
  }
  return result as ReturnType<NonNullable<FastifyDynamicSwaggerOptions['transform']>>
}

/** The whole document, without each component's variant for input: requests refer to no component. */
export const transformDocument: NonNullable<FastifyDynamicSwaggerOptions['transformObject']> = (document) => {
  const whole = jsonSchemaTransformObject(document as Parameters<typeof jsonSchemaTransformObject>[0])
  if (!('components' in whole)) return whole
  const all = whole.components?.schemas ?? {}
  const schemas = Object.entries(all).filter(([name]) => !(name.endsWith('Input') && name.slice(0, -'Input'.length) in all))
  return { ...whole, components: { ...whole.components, schemas: Object.fromEntries(schemas) } } as typeof whole
}
