import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureWriter } from '../../controllers/write-features.ts'
import { readEntitiesText, readWriteText } from '../../features/read-body-text.ts'
import type { BeginWork } from '../begin-work.ts'
import { problems, success } from '../responses.ts'
import { entityFeaturesBody, patchBody, writeBody } from './bodies.ts'
import { changeQuery, identifierParams, writableCategoryParams, writeQuery, writerOf } from './parameters.ts'
import { changeInDoubt, replaceProblems, violation, writeProblems } from './problems.ts'
import { entitiesWrittenReply, mergeReply, writeReply } from './replies.ts'

const REPLACES =
  'Each category is replaced as a whole; created_at of its first write is kept. If any fails, the answer is an error whose ' +
  '`results` names each category as replaced, failed or unknown; sending the same request again is safe.'

/** Writing features: categories replaced as a whole, of one entity or many, or features merged into one. */
export function writeRoutes(writer: FeatureWriter, beginWork: BeginWork): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/items/:identifier',
      {
        config: { operation: 'write.multi_category', access: 'write', readBodyText: readWriteText },
        schema: {
          operationId: 'write.multi_category',
          tags: ['write'],
          summary: 'Replace categories',
          description: REPLACES,
          params: identifierParams,
          querystring: writeQuery,
          body: writeBody,
          response: {
            200: success('Every category was replaced', writeReply),
            ...problems('/api/v1/items/user123', {
              ...writeProblems,
              ...replaceProblems((results) => results),
            }),
          },
        },
      },
      (request, reply) => {
        const { params, query, body: categories } = request
        const { table_type: tableType } = query
        const scope = beginWork(request, reply, { tableType, categories: categories.size })
        return writer.writeCategories({ tableType, ...params, categories, writer: writerOf(query), scope })
      },
    )

    app.post(
      '/items',
      {
        config: { operation: 'write.multi_entity', access: 'write', readBodyText: readEntitiesText },
        schema: {
          operationId: 'write.multi_entity',
          tags: ['write'],
          summary: 'Replace categories of several entities',
          description: `${REPLACES} The results are by identifier and category.`,
          querystring: writeQuery,
          body: entityFeaturesBody,
          response: {
            200: success('Every category of every entity was replaced', entitiesWrittenReply),
            ...problems('/api/v1/items', {
              ...writeProblems,
              VALIDATION_FAILED: violation('$.user123.trans_features.balance', 'number has more than 38 significant digits'),
              ...replaceProblems((results) => ({ user123: results })),
            }),
          },
        },
      },
      (request, reply) => {
        const { query, body: entities } = request
        const { table_type: tableType } = query
        const categories = entities.values().reduce((sum, group) => sum + group.size, 0)
        const scope = beginWork(request, reply, { tableType, entities: entities.size, categories })
        return writer.writeEntities({ tableType, entities, writer: writerOf(query), scope })
      },
    )

    app.patch(
      '/items/:identifier/:category',
      {
        config: { operation: 'write.merge', access: 'write' },
        schema: {
          operationId: 'write.merge',
          tags: ['write'],
          summary: 'Merge features into a category',
          description:
            'Sets the features that the patch names and removes those that it names null (JSON Merge Patch, RFC 7396, at the ' +
            'top level). All else of the category is kept, its creation, time to live and event time too. A category that is ' +
            'not there is created. Patches of other features at the same time lose nothing.',
          params: writableCategoryParams,
          querystring: changeQuery,
          consumes: ['application/json', 'application/merge-patch+json'],
          body: patchBody,
          response: {
            200: success('The features were merged', mergeReply),
            ...problems('/api/v1/items/user123/trans_features', {
              ...writeProblems,
              VALIDATION_FAILED: violation(
                '$',
                'a patch of 300 features makes an update of 4185 bytes, DynamoDB takes 4096: send fewer at once, or write the ' +
                  'whole category with POST /items/{identifier}',
              ),
              ...changeInDoubt('merged'),
            }),
          },
        },
      },
      (request, reply) => {
        const { params, query, body: patch } = request
        const { table_type: tableType } = query
        const scope = beginWork(request, reply, { tableType, categories: 1 })
        return writer.mergeCategory({ tableType, ...params, patch, scope })
      },
    )
  }
}
