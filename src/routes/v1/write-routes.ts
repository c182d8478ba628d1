import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FeatureWriter } from '../../controllers/write-features.ts'
import type { BeginWork } from '../begin-work.ts'
import { problems, success } from '../responses.ts'
import { bodyProblems, requestProblems, storeProblems } from './problems.ts'
import { identifierParams, tableQuery, writeBody, writeReply } from './schemas.ts'

const INVALID_NUMBER = {
  detail: '$.trans_features.balance: number has more than 38 significant digits',
  errors: [{ path: '$.trans_features.balance', message: 'number has more than 38 significant digits' }],
}

const IN_DOUBT = {
  detail:
    'The store did not answer within the time allowed for a request. Of 2 categories, 1 replaced, ' +
    '1 may or may not have been applied, 0 not written. Sending the same request again is safe.',
  results: {
    trans_features: { status: 'replaced', feature_count: 2 },
    user_features: { status: 'unknown', code: 'DEADLINE_EXCEEDED' },
  },
}

/** Writing one entity's features: each category replaced as a whole. `beginWork`: as for readRoutes. */
export function writeRoutes(writer: FeatureWriter, beginWork: BeginWork): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/items/:identifier',
      {
        config: { operation: 'write.multi_category', access: 'write' },
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
            200: success('Every category was replaced', writeReply),
            ...problems('/api/v1/items/user123', {
              ...requestProblems,
              ...bodyProblems,
              FORBIDDEN: { detail: 'This key may read; the request needs one that may write.' },
              VALIDATION_FAILED: INVALID_NUMBER,
              EMPTY_BODY: { detail: 'Body cannot be empty' },
              ITEM_TOO_LARGE: { detail: 'The category is over the limit of 400 KB (409,600 bytes) of an item.' },
              ...storeProblems,
              DEADLINE_EXCEEDED: IN_DOUBT,
            }),
          },
        },
      },
      async (request, reply) => {
        const { params, query, body } = request
        const scope = beginWork(request, reply, { tableType: query.table_type, categories: Object.keys(body).length })
        return writer.writeCategories({ tableType: query.table_type, ...params, categories: body, scope })
      },
    )
  }
}
