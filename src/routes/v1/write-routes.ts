import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureWriter } from '../../controllers/write-features.ts'
import { problemResponses } from '../problem-responses.ts'
import { bodyProblems, requestProblems, storeProblems } from './problems.ts'
import { identifierParams, tableQuery, writeBody, writeReply } from './schemas.ts'

/** Writing one entity's features: each category replaced as a whole. */
export function writeRoutes(writer: FeatureWriter, deadline: () => AbortSignal): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/items/:identifier',
      {
        config: { operation: 'write.multi_category' },
        schema: {
          operationId: 'write.multi_category',
          tags: ['features'],
          summary: 'Replace categories',
          description:
            'Each category is replaced as a whole; created_at of its first write is kept. If any fails, the answer is an ' +
            'error whose `results` names each category as replaced, failed or unknown; sending the same request again is safe.',
          params: identifierParams,
          querystring: tableQuery,
          body: writeBody,
          response: {
            200: writeReply,
            ...problemResponses({
              ...requestProblems,
              ...bodyProblems,
              ITEM_TOO_LARGE: "a category is over DynamoDB's 400 KB for an item",
              ...storeProblems,
            }),
          },
        },
      },
      async ({ params, query, body }) =>
        writer.writeCategories({ tableType: query.table_type, ...params, categories: body, signal: deadline() }),
    )
  }
}
