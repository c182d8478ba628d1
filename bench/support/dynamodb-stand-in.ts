import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { answerTo } from './dynamodb-answers.ts'

// A DynamoDB that answers at once: a process of its own, on PORT.
createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
  const asked = (await text(request)) || '{}'
  const answer = JSON.stringify(answerTo(operation, JSON.parse(asked)))
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(answer) })
  response.end(answer)
}).listen(Number(process.env.PORT), '127.0.0.1')
