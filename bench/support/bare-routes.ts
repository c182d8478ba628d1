import Fastify from 'fastify'
import { WORKLOADS } from './workloads.ts'

// What any HTTP service costs at least: Fastify routes that answer ready objects, each as long as the service's own answer. A
// process of its own, on PORT.
const [single = {}, mapping = {}, write = {}, many = {}] = WORKLOADS.map(({ exchanges }) => exchanges[0]?.reply)

const app = Fastify()
app.get('/health/live', async () => ({ status: 'live' }))
app.get('/api/v1/get/item/:identifier/:category', async () => single)
app.post('/api/v1/get/item/:identifier', async () => mapping)
app.post('/api/v1/items/:identifier', async () => write)
app.post('/api/v1/get/items', async () => many)
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
