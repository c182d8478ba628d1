/**
 * A stored value as DynamoDB's JSON has it, binary as base64. What a reply has is not known to be one: any member may be
 * missing or of another type. Source: Amazon DynamoDB API Reference, AttributeValue.
 */
export type Attribute = {
  S?: string
  N?: string
  BOOL?: boolean
  NULL?: boolean
  M?: Record<string, Attribute>
  L?: Attribute[]
  SS?: string[]
  NS?: string[]
  B?: string
  BS?: string[]
}

/** Attributes by name: an item, or the key of one. */
export type Item = Record<string, Attribute>
