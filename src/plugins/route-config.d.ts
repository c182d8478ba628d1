import 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's stable name, the same in log lines, metrics and OpenAPI's operationId. */
    operation?: string
  }
}
