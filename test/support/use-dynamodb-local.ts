import type { TestProject } from 'vitest/node'
import { findDynamoDBLocal } from './dynamodb-local.ts'

/** Global setup: the project's API tests run on DynamoDB Local, started here and ended after them. */
export default async function useDynamoDBLocal(project: TestProject): Promise<() => Promise<void>> {
  const local = await findDynamoDBLocal()
  if (!local) throw new Error('DynamoDB Local is required here: it needs Docker, Java 11 or later, or DYNAMODB_ENDPOINT.')
  const { url, stop } = await local.start()
  project.provide('storeEndpoint', url)
  return stop
}
