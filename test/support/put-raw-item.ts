import type { TestService } from './test-service.ts'

/**
 * Puts an item whose JSON text is sent as it is: the SDK's own serializer drops a name such as `__proto__`.
 * The stores of the tests check no signature, only that there is one.
 */
export async function putRawItem(service: TestService, itemJson: string): Promise<void> {
  const endpoint = await service.store.client.config.endpoint?.()
  if (!endpoint) throw new Error('the store has no endpoint of its own')
  const credential = 'AKIDEXAMPLE/20251007/us-east-1/dynamodb/aws4_request'
  const reply = await fetch(`${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      'x-amz-date': '20251007T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=00`,
    },
    body: `{"TableName":${JSON.stringify(service.tableNames.bright_uid)},"Item":${itemJson}}`,
  })
  if (!reply.ok) throw new Error(`the store refused the item: ${await reply.text()}`)
}
