import { requestText } from './raw-client.ts'

/** Requests of the API as they stand on the wire; their paths and bodies are sent as they are given. */
export const write = (identifier: string, body: string) => requestText('POST', `/api/v1/items/${identifier}`, {}, body)
export const filter = (identifier: string, body: string) => requestText('POST', `/api/v1/get/item/${identifier}`, {}, body)
export const writeMany = (body: string) => requestText('POST', '/api/v1/items', {}, body)
export const filterMany = (body: string) => requestText('POST', '/api/v1/get/items', {}, body)
export const merge = (identifier: string, category: string, patch: string) =>
  requestText('PATCH', `/api/v1/items/${identifier}/${category}`, {}, patch)
/** `path`: an identifier, or an identifier and a category. */
export const remove = (path: string) => requestText('DELETE', `/api/v1/items/${path}`)
