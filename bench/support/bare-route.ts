import Fastify from 'fastify'
import { answerTo } from './dynamodb-answers.ts'

// What any HTTP service costs at least: one Fastify route that answers a ready object. A process of its own, on PORT.
const answer = answerTo('GetItem', { Key: { bright_uid: { S: 'user123' }, category: { S: 'trans_features' } } })
const app = Fastify()
app.get('/health/live', async () => ({ status: 'live' }))
app.get('/api/v1/get/item/:identifier/:category', async () => answer)
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
