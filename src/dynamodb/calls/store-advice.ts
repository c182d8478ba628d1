/** The call that failed: DynamoDB's name of the operation and the table it was about. */
export type CallSubject = { operation: string; tableName: string }

type CodedError = Error & { code?: string }

type Advice = (subject: CallSubject) => string

const RENEW_CREDENTIALS: Advice = () =>
  "Mend the AWS credentials: they are not valid or have expired. They come from the AWS SDK's chain (environment, profile, role)."

const CHECK_HOST: Advice = () => 'Check DYNAMODB_ENDPOINT and AWS_REGION: the host that they name is not known.'

const SET_CLOCK: Advice = () => "Set this machine's clock: DynamoDB refuses signatures that are more than 5 minutes off."

/**
 * By the exceptions of DynamoDB (Amazon DynamoDB Developer Guide, "Error handling", and its API reference's common errors)
 * and the codes of Node's network errors.
 */
const ADVICE: Readonly<Record<string, Advice>> = {
  ResourceNotFoundException: ({ tableName }) =>
    `Table ${tableName} does not exist in this account and region, or is still being made. Create it with ` +
    'npm run tables:create, or mend TABLE_NAME_BRIGHT_UID, TABLE_NAME_ACCOUNT_ID, AWS_REGION or DYNAMODB_ENDPOINT.',
  AccessDeniedException: ({ operation, tableName }) =>
    `Allow dynamodb:${operation} on table ${tableName} in the IAM policy of the credentials in use.`,
  UnrecognizedClientException: RENEW_CREDENTIALS,
  InvalidClientTokenId: RENEW_CREDENTIALS,
  InvalidSignatureException: RENEW_CREDENTIALS,
  IncompleteSignatureException: RENEW_CREDENTIALS,
  MissingAuthenticationTokenException: RENEW_CREDENTIALS,
  MissingAuthenticationToken: RENEW_CREDENTIALS,
  ExpiredTokenException: RENEW_CREDENTIALS,
  ExpiredToken: RENEW_CREDENTIALS,
  OptInRequired: () => 'Enable DynamoDB, and the region, for this AWS account.',
  RequestExpired: SET_CLOCK,
  RequestTimeTooSkewed: SET_CLOCK,
  CredentialsProviderError: () =>
    "No AWS credentials were found. Give them by the AWS SDK's chain: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a role.",
  TokenProviderError: RENEW_CREDENTIALS,
  KMSAccessDeniedException: ({ tableName }) => `Allow the credentials in use to use the KMS key of table ${tableName}.`,
  KMSDisabledException: ({ tableName }) => `Enable the KMS key of table ${tableName}.`,
  KMSKeyNotFoundException: ({ tableName }) => `Table ${tableName} is encrypted by a KMS key that does not exist any more.`,
  ENOTFOUND: CHECK_HOST,
  EAI_AGAIN: () => 'Check the DNS server: it does not answer for the host of DYNAMODB_ENDPOINT or AWS_REGION.',
  UNSENDABLE_REQUEST: () => 'Mend the AWS credentials: one of them has a character that no header may have, such as a line end.',
  ECONNREFUSED: () => 'Check DYNAMODB_ENDPOINT: nothing listens there.',
}

const CERTIFICATE_CODE = /^(?:CERT_|ERR_TLS_CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/
const TLS_CODE = new RegExp(`${CERTIFICATE_CODE.source}|^(?:ERR_TLS_|ERR_SSL_|EPROTO$)`)

/** What an operator is to look at when a call comes to no attempt at all. */
export function adviseOnCredentials(): string {
  return "Check where the AWS credentials come from (the AWS SDK's chain: environment, profile, role): they did not come in time."
}

/** What an operator is to mend so that such a call succeeds; undefined where waiting is all there is to do. */
export function adviseOn(error: CodedError, subject: CallSubject): string | undefined {
  const { name, code = '' } = error
  const advice = lookUp(name) ?? lookUp(code)
  if (advice) return advice(subject)
  if (TLS_CODE.test(code)) return `Check the TLS certificate and scheme of DYNAMODB_ENDPOINT: ${code}.`
  return undefined
}

/** Whether the server's certificate was refused, before anything was said to it. */
export function isCertificateFault({ code }: CodedError): boolean {
  return code !== undefined && CERTIFICATE_CODE.test(code)
}

/** Whether a name or code is one of those that there is advice on. */
export function hasAdvice(name: string): boolean {
  return lookUp(name) !== undefined
}

function lookUp(name: string): Advice | undefined {
  return Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined
}
