/** When each code occurs, in groups that the routes share. */
export const requestProblems = {
  INVALID_TABLE_TYPE: 'table_type is neither bright_uid nor account_id',
  VALIDATION_FAILED: 'a name, value or size breaks a limit; `errors` says where',
  INTERNAL: 'a bug; the request id finds it in the logs',
}

export const bodyProblems = {
  MALFORMED_JSON: 'the body is not JSON in UTF-8',
  MALFORMED_REQUEST: 'the body is not as long as content-length says',
  EMPTY_BODY: 'the body is empty or {}',
  BODY_TOO_LARGE: 'the body is over the size limit',
  UNSUPPORTED_MEDIA_TYPE: 'the body is not application/json',
}

export const storeProblems = {
  STORE_THROTTLED: 'DynamoDB throttles; see Retry-After',
  STORE_UNAVAILABLE: 'DynamoDB cannot be reached or cannot answer; see Retry-After',
  DEADLINE_EXCEEDED: 'DynamoDB did not answer in time; a write may or may not have been applied',
}
