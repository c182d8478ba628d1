import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureReader } from '../../controllers/read-features.ts'
import { FOREIGN_CURSOR } from '../../features/page-cursor.ts'
import type { BeginWork } from '../begin-work.ts'
import { problems, success } from '../responses.ts'
import { entitiesBody, mappingBody } from './bodies.ts'
import { categoryParams, identifierParams, pageQuery, readQuery } from './parameters.ts'
import { bodyProblems, requestProblems, storeProblems, violation } from './problems.ts'
import { entitiesReply, item, mappingReply, pageReply } from './replies.ts'

const NULL_OR_MISSING = 'A feature stored as null is returned as null; one that is not stored is listed in missing_features.'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Sends a reply that is text already. */
function sendJson(reply: FastifyReply, { json }: { json: string }): FastifyReply {
  return reply.type(JSON_TYPE).send(json)
}

/**
 * Reading features: one category whole, named features of several, of one entity or many, and all that an entity has.
 * `beginWork` notes what a request is about and gives it its scope, whose time begins then.
 */
export function readRoutes(reader: FeatureReader, beginWork: BeginWork): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/get/item/:identifier/:category',
      {
        config: { operation: 'read.single_item', access: 'read' },
        schema: {
          operationId: 'read.single_item',
          tags: ['read'],
          summary: 'Read one category',
          params: categoryParams,
          querystring: readQuery,
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
        const { table_type: tableType, consistent } = request.query
        const scope = beginWork(request, reply, { tableType, categories: 1 })
        return sendJson(reply, await reader.readCategory({ tableType, ...request.params, consistent, scope }))
      },
    )

    app.post(
      '/get/item/:identifier',
      {
        config: { operation: 'read.multi_category', access: 'read' },
        schema: {
          operationId: 'read.multi_category',
          tags: ['read'],
          summary: 'Read named features of several categories',
          description: NULL_OR_MISSING,
          params: identifierParams,
          querystring: readQuery,
          body: mappingBody,
          response: {
            200: success('What is stored of it, and what is missing', mappingReply),
            ...problems('/api/v1/get/item/user123', {
              ...requestProblems,
              ...bodyProblems,
              VALIDATION_FAILED: violation(
                '$.trans_features',
                'must be an array of feature names; an empty one asks for all of the category',
              ),
              EMPTY_BODY: { detail: 'Mapping body cannot be empty' },
              ITEM_NOT_FOUND: { detail: 'No items found for provided mapping' },
              ...storeProblems,
            }),
          },
        },
      },
      async (request, reply) => {
        const { params, query, body: mapping } = request
        const { table_type: tableType, consistent } = query
        const scope = beginWork(request, reply, { tableType, categories: Object.keys(mapping).length })
        return sendJson(reply, await reader.readMapping({ tableType, ...params, mapping, consistent, scope }))
      },
    )

    app.post(
      '/get/items',
      {
        config: { operation: 'read.multi_entity', access: 'read' },
        schema: {
          operationId: 'read.multi_entity',
          tags: ['read'],
          summary: 'Read named features of several entities',
          description: `${NULL_OR_MISSING} An entity that has nothing is in the list, with everything missing.`,
          querystring: readQuery,
          body: entitiesBody,
          response: {
            200: success('What is stored of each entity, and what is missing', entitiesReply),
            ...problems('/api/v1/get/items', {
              ...requestProblems,
              ...bodyProblems,
              VALIDATION_FAILED: violation('$', 'must ask for at most 1000 pairs of identifier and category, asks for 1200'),
              EMPTY_BODY: { detail: 'Body cannot be empty' },
              ...storeProblems,
            }),
          },
        },
      },
      async (request, reply) => {
        const { identifiers, categories: mapping } = request.body
        const { table_type: tableType, consistent } = request.query
        const subject = { tableType, entities: identifiers.length, categories: Object.keys(mapping).length }
        const scope = beginWork(request, reply, subject)
        return sendJson(reply, await reader.readEntities({ tableType, identifiers, mapping, consistent, scope }))
      },
    )

    app.get(
      '/get/item/:identifier',
      {
        config: { operation: 'read.entity', access: 'read' },
        schema: {
          operationId: 'read.entity',
          tags: ['read'],
          summary: 'Read all that an entity has, in pages',
          params: identifierParams,
          querystring: pageQuery,
          response: {
            200: success('A page of its categories, in their order', pageReply),
            ...problems('/api/v1/get/item/user123', {
              ...requestProblems,
              VALIDATION_FAILED: violation('cursor', FOREIGN_CURSOR),
              ITEM_NOT_FOUND: { detail: 'No items found for this identifier' },
              ...storeProblems,
            }),
          },
        },
      },
      async (request, reply) => {
        const { table_type: tableType, consistent, limit, cursor } = request.query
        const scope = beginWork(request, reply, { tableType })
        return sendJson(reply, await reader.readEntity({ tableType, ...request.params, limit, cursor, consistent, scope }))
      },
    )
  }
}
