import type { FastifyRequest } from 'fastify'

/** Where a request went, in few words: the same in log lines, metrics and the OpenAPI document. */
export type RouteLabels = {
  /** The pattern as OpenAPI writes it: `/api/v1/get/item/{identifier}/{category}`. */
  route: string
  /** The route's stable name, from its config; `none` for what has none. */
  operation: string
  /** `v1`, or `none` outside the API. */
  apiVersion: string
}

/** The labels of a request that no route took. */
export const UNMATCHED: RouteLabels = { route: 'unmatched', operation: 'unmatched', apiVersion: 'none' }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's stable name, the same in log lines, metrics and OpenAPI's operationId. */
    operation?: string
    /** Made with the route's first request. */
    labels?: RouteLabels
  }
}

/** Whether it went to /health, which is always answered, and told of only where it fails. */
export function isHealth({ route }: RouteLabels): boolean {
  return route.startsWith('/health')
}

/** The labels of the route that took a request. */
export function labelsOf({ routeOptions: { url, config } }: FastifyRequest): RouteLabels {
  if (url === undefined) return UNMATCHED
  config.labels ??= {
    route: url.replace(/:(\w+)/g, '{$1}'),
    operation: config.operation ?? 'none',
    apiVersion: /^\/api\/(v\d+)\//.exec(url)?.[1] ?? 'none',
  }
  return config.labels
}
