/** Names that objects have before anybody gives them any, and those that JavaScript, promises and JSON look for. */
export const PROTOTYPE_NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'toLocaleString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'],
  ...['propertyIsEnumerable', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__', 'toJSON', 'then'],
  ...['length', 'name', 'caller', 'arguments', 'apply', 'call', 'bind', 'get', 'set', 'value', 'writable', 'enumerable'],
]
