import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { answerTo } from './dynamodb-answers.ts'

// A DynamoDB that takes LATENCY_MS for each call, however many there are at once: a process of its own, on PORT.
const latencyMs = Number(process.env.LATENCY_MS)

createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
  const asked = (await text(request)) || '{}'
  const answer = JSON.stringify(answerTo(operation, JSON.parse(asked)))
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(answer) })
  setTimeout(() => response.end(answer), latencyMs)
}).listen(Number(process.env.PORT), '127.0.0.1')
