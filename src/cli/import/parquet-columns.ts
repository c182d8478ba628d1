import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet'
import { FileError } from '../bulk/file-error.ts'
import { RowError } from './import-row.ts'
import { type Convert, convertLeaf } from './parquet-leaf.ts'

/** A column by name, and how its stored values, null among them, become JSON's. */
export type ParquetColumn = { name: string; convert: Convert }

type Group = Readonly<Record<string, unknown>>

/**
 * The columns of a file. Takes what says of an element what it stands for out of the metadata, so that the library hands out what
 * is stored: of its own it makes doubles of decimals, times of milliseconds, and nothing of lists in their older forms.
 * Source: apache/parquet-format, LogicalTypes.md, "Lists", "Maps" and their "Backward-compatibility rules".
 * @throws FileError for a column whose type has no place in JSON.
 */
export function prepareColumns(metadata: FileMetaData): ParquetColumn[] {
  return parquetSchema(metadata).children.map(convertMember)
}

/** Where nothing is repeated, the library has null. */
function convertMember(node: SchemaTree): ParquetColumn {
  const { name, repetition_type: repetition } = node.element
  const convert = convertNode(node)
  return { name, convert: repetition === 'REPEATED' ? (value) => convert(value ?? []) : orNull(convert) }
}

/** An element's values other than null; of one that is repeated, all of them. */
function convertNode(node: SchemaTree): Convert {
  const convert = node.children.length > 0 ? convertGroup(node) : convertBare(node)
  return node.element.repetition_type === 'REPEATED' ? eachOf(convert) : convert
}

function convertBare({ element }: SchemaTree): Convert {
  const convert = convertLeaf(element)
  // Half-precision floats the library does read, and nobody else would know them from bytes.
  if (element.logical_type?.type === 'FLOAT16') return convert
  delete element.converted_type
  delete element.logical_type
  return convert
}

function convertGroup({ element, children }: SchemaTree): Convert {
  const { converted_type: converted, logical_type: logical, name } = element
  if (logical?.type === 'VARIANT') throw new FileError(`the column ${name} is of type VARIANT, which cannot be imported`)
  delete element.converted_type
  delete element.logical_type
  const [repeated, ...others] = children
  if (repeated?.element.repetition_type !== 'REPEATED' || others.length > 0) return convertStruct(children)
  if (converted === 'LIST' || logical?.type === 'LIST') return convertList(name, repeated)
  const isMap = converted === 'MAP' || converted === 'MAP_KEY_VALUE' || logical?.type === 'MAP'
  const [key, value, ...more] = repeated.children
  return isMap && key && value && more.length === 0 ? convertMap(repeated.element.name, key, value) : convertStruct(children)
}

function convertList(list: string, repeated: SchemaTree): Convert {
  const { name } = repeated.element
  const [only] = repeated.children
  const { convert } = isListElement(list, repeated) || !only ? convertMember(repeated) : convertEntries(repeated, only)
  return (group) => convert((group as Group)[name])
}

/** Whether what is repeated is the element itself, as older writers have it, and not a group around it. */
function isListElement(list: string, { element, children }: SchemaTree): boolean {
  const [only, ...others] = children
  if (!only || others.length > 0 || only.element.repetition_type === 'REPEATED') return true
  return element.converted_type !== undefined || element.name === 'array' || element.name === `${list}_tuple`
}

function convertEntries({ element }: SchemaTree, only: SchemaTree): ParquetColumn {
  const { name, convert } = convertMember(only)
  return { name: element.name, convert: (entries) => itemsOf(entries).map((entry) => convert((entry as Group)[name])) }
}

function convertMap(entries: string, key: SchemaTree, value: SchemaTree): Convert {
  const [ofKey, ofValue] = [convertMember(key), convertMember(value)]
  return (group) =>
    withMembers(
      itemsOf((group as Group)[entries]).map((entry) => [
        memberName(ofKey.convert((entry as Group)[ofKey.name])),
        ofValue.convert((entry as Group)[ofValue.name]),
      ]),
    )
}

/** A map's key as a name: JSON has no others than texts. */
function memberName(key: unknown): string {
  if (typeof key === 'string') return key
  if (JSON.isRawJSON(key)) return key.rawJSON
  if (typeof key === 'number' || typeof key === 'boolean') return String(key)
  throw new RowError('has a map with a key that is no text, number or time')
}

function convertStruct(children: readonly SchemaTree[]): Convert {
  const members = children.map(convertMember)
  return (struct) => withMembers(members.map(({ name, convert }) => [name, convert((struct as Group)[name])]))
}

function eachOf(convert: Convert): Convert {
  const convertItem = orNull(convert)
  return (list) => itemsOf(list).map(convertItem)
}

function itemsOf(list: unknown): unknown[] {
  return Array.from((list ?? []) as Iterable<unknown>)
}

function orNull(convert: Convert): Convert {
  return (value) => (value === undefined || value === null ? null : convert(value))
}

function withMembers(members: readonly (readonly [string, unknown])[]): object {
  const object: Record<string, unknown> = Object.create(null)
  for (const [name, value] of members) object[name] = value
  if (Object.keys(object).length < members.length) throw new RowError('has a map with two keys that are one as texts')
  return object
}
