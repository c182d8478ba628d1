import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { getEndpointFromInstructions } from '@smithy/core/endpoints'

type ClientConfig = DynamoDBClient['config']
type Credentials = Awaited<ReturnType<ClientConfig['credentials']>>

/** Where requests go and for which region they are signed. */
export type Endpoint = {
  protocol: string
  hostname: string
  port: number | undefined
  host: string
  path: string
  region: string
}

/**
 * Finds a table's endpoint by the SDK's own rules (a URL of ours or of the environment, else the region's, else the
 * account's own, by the account of the credentials), once for each credentials: they take 15 us.
 */
export function createEndpoints(config: ClientConfig) {
  const known = new WeakMap<Credentials, Map<string, Promise<Endpoint>>>()

  async function find(tableName: string): Promise<Endpoint> {
    const { url, properties } = await getEndpointFromInstructions({ TableName: tableName }, GetItemCommand, { ...config })
    const [scheme] = (properties?.authSchemes ?? []) as { signingRegion?: string }[]
    return {
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port === '' ? undefined : Number(url.port),
      host: url.host,
      path: url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`,
      region: scheme?.signingRegion ?? (await config.region()),
    }
  }

  return function endpointOf(credentials: Credentials, tableName: string): Promise<Endpoint> {
    const byTable = known.get(credentials) ?? new Map<string, Promise<Endpoint>>()
    known.set(credentials, byTable)
    const endpoint = byTable.get(tableName) ?? find(tableName)
    byTable.set(tableName, endpoint)
    endpoint.catch(() => byTable.delete(tableName))
    return endpoint
  }
}
