/**
 * Limits of DynamoDB, checked before the store so that every store answers alike.
 * Source: Amazon DynamoDB Developer Guide, "Quotas in Amazon DynamoDB"; the nesting as DynamoDB Local enforces it.
 */

/** Bytes of UTF-8 in a partition key. */
export const MAX_IDENTIFIER_BYTES = 2048
/** Bytes of UTF-8 in a sort key. */
export const MAX_CATEGORY_BYTES = 1024
/** Bytes of UTF-8 in an attribute's name, nested ones included. */
export const MAX_NAME_BYTES = 65_535
/** Containers around the innermost one of a feature's value: 32 levels in all, three of which the item's own maps take. */
export const MAX_NESTING = 29
/** Significant digits of a number. */
export const MAX_NUMBER_DIGITS = 38
/** Powers of ten of a number's first digit. */
export const MIN_NUMBER_MAGNITUDE = -130
export const MAX_NUMBER_MAGNITUDE = 125
/** Bytes of an item, names and values together. */
export const MAX_ITEM_BYTES = 400 * 1024

/** Bytes of an update's expression, in which names and values are placeholders. */
export const MAX_EXPRESSION_BYTES = 4096

/** Bytes of an update with all names in the place of their placeholders, as DynamoDB Local enforces it. */
export const MAX_EXPANDED_EXPRESSION_BYTES = 1024 * 1024

/** Limits of this service: categories of one write, of all its entities; of one read; pairs of identifier and category. */
export const MAX_WRITE_CATEGORIES = 500
export const MAX_READ_CATEGORIES = 1000
export const MAX_READ_PAIRS = 1000
/** Categories of one page of all that an entity has. */
export const MAX_PAGE_CATEGORIES = 1000
export const DEFAULT_PAGE_CATEGORIES = 100
/** Characters of a writer's `source` and `compute_id`. */
export const MAX_METADATA_CHARACTERS = 256
/** Ten years of 365 days, in seconds. */
export const MAX_TTL_SECONDS = 10 * 365 * 24 * 60 * 60
/** The last second of the year 9999, in seconds since the epoch: RFC 3339 has no later one. */
export const MAX_EXPIRY_SECONDS = Date.UTC(10_000, 0) / 1000 - 1
