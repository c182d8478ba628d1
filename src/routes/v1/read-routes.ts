import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureReader } from '../../controllers/read-features.ts'
import type { BeginWork } from '../begin-work.ts'
import { problems, success } from '../responses.ts'
import { bodyProblems, requestProblems, storeProblems } from './problems.ts'
import { categoryParams, identifierParams, item, mappingBody, mappingReply, tableQuery } from './schemas.ts'

/**
 * Reading one entity's features: one category whole, or named features of several. `beginWork` notes what a request is about
 * and gives it its scope, whose time begins then.
 */
export function readRoutes(reader: FeatureReader, beginWork: BeginWork): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/get/item/:identifier/:category',
      {
        config: { operation: 'read.single_item', access: 'read' },
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
      async (request, reply) => {
        const { params, query } = request
        const scope = beginWork(request, reply, { tableType: query.table_type, categories: 1 })
        return reader.readCategory({ tableType: query.table_type, ...params, scope })
      },
    )

    app.post(
      '/get/item/:identifier',
      {
        config: { operation: 'read.multi_category', access: 'read' },
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
      async (request, reply) => {
        const { params, query, body } = request
        const scope = beginWork(request, reply, { tableType: query.table_type, categories: Object.keys(body).length })
        return reader.readMapping({ tableType: query.table_type, ...params, mapping: body, scope })
      },
    )
  }
}
