import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureEraser } from '../../controllers/delete-features.ts'
import type { BeginWork } from '../begin-work.ts'
import { problems, success } from '../responses.ts'
import { categoryParams, changeQuery, identifierParams } from './parameters.ts'
import { bodyProblems, changeInDoubt, requestProblems, storeProblems } from './problems.ts'
import { deleteReply } from './replies.ts'

// A DELETE needs no body; one that comes is read like any other.
const deleteProblems = {
  ...requestProblems,
  ...bodyProblems,
  FORBIDDEN: { detail: 'This key may read; the request needs one that may write.' },
  ...storeProblems,
  ...changeInDoubt('deleted'),
}

/** Deleting features: one category, or all that an entity has. Deleting again what is deleted is a success. */
export function deleteRoutes(eraser: FeatureEraser, beginWork: BeginWork): FastifyPluginAsyncZod {
  return async (app) => {
    app.delete(
      '/items/:identifier/:category',
      {
        config: { operation: 'delete.single_item', access: 'write' },
        schema: {
          operationId: 'delete.single_item',
          tags: ['delete'],
          summary: 'Delete one category',
          description: 'Its features are gone at once. What is not there is a success, too, with nothing deleted.',
          params: categoryParams,
          querystring: changeQuery,
          response: {
            200: success('It is not there any more', deleteReply),
            ...problems('/api/v1/items/user123/trans_features', deleteProblems),
          },
        },
      },
      async (request, reply) => {
        const { table_type: tableType } = request.query
        const scope = beginWork(request, reply, { tableType, categories: 1 })
        return eraser.deleteCategory({ tableType, ...request.params, scope })
      },
    )

    app.delete(
      '/items/:identifier',
      {
        config: { operation: 'delete.entity', access: 'write' },
        schema: {
          operationId: 'delete.entity',
          tags: ['delete'],
          summary: 'Delete all that an entity has',
          description:
            'For erasure requests. If any category fails, the answer is an error whose `results` names each as deleted, failed ' +
            'or unknown; sending the same request again is safe, and goes on.',
          params: identifierParams,
          querystring: changeQuery,
          response: {
            200: success('It has nothing any more', deleteReply),
            ...problems('/api/v1/items/user123', deleteProblems),
          },
        },
      },
      async (request, reply) => {
        const { table_type: tableType } = request.query
        const scope = beginWork(request, reply, { tableType })
        return eraser.deleteEntity({ tableType, ...request.params, scope })
      },
    )
  }
}
