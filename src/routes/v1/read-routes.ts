import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureReader } from '../../controllers/read-features.ts'
import { problems, success } from '../responses.ts'
import { bodyProblems, requestProblems, storeProblems } from './problems.ts'
import { categoryParams, identifierParams, item, mappingBody, mappingReply, tableQuery } from './schemas.ts'

/**
 * Reading one entity's features: one category whole, or named features of several. `deadline` makes the signal that ends
 * a request's wait for the store, and is called as the request begins.
 */
export function readRoutes(reader: FeatureReader, deadline: () => AbortSignal): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/get/item/:identifier/:category',
      {
        config: { operation: 'read.single_item' },
        schema: {
          operationId: 'read.single_item',
          tags: ['features'],
          summary: 'Read one category',
          params: categoryParams,
          querystring: tableQuery,
          response: {
            200: success('The category', item),
            ...problems('/api/v1/get/item/user123/trans_features', {
              ...requestProblems,
              ITEM_NOT_FOUND: { detail: 'Item not found' },
              ...storeProblems,
            }),
          },
        },
      },
      async ({ params, query }) => reader.readCategory({ tableType: query.table_type, ...params, signal: deadline() }),
    )

    app.post(
      '/get/item/:identifier',
      {
        config: { operation: 'read.multi_category' },
        schema: {
          operationId: 'read.multi_category',
          tags: ['features'],
          summary: 'Read named features of several categories',
          description: 'A feature stored as null is returned as null; one that is not stored is listed in missing_features.',
          params: identifierParams,
          querystring: tableQuery,
          body: mappingBody,
          response: {
            200: success('What is stored of it, and what is missing', mappingReply),
            ...problems('/api/v1/get/item/user123', {
              ...requestProblems,
              ...bodyProblems,
              EMPTY_BODY: { detail: 'Mapping body cannot be empty' },
              ITEM_NOT_FOUND: { detail: 'No items found for provided mapping' },
              ...storeProblems,
            }),
          },
        },
      },
      async ({ params, query, body }) =>
        reader.readMapping({ tableType: query.table_type, ...params, mapping: body, signal: deadline() }),
    )
  }
}
