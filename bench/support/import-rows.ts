/** A row of the import that is measured, by its number: what stands in the file, and what the store is to have of it. */
export function rowAt(index: number) {
  const identifier = `user-${index}`
  const account = `90071992547${String(index).padStart(8, '0')}`
  const amount = `${index}.${String(index % 89).padStart(2, '0')}1`
  const word = `segment ${index % 7}`
  const features =
    `{"account_number":${account},"avg_credit_30d":${amount},"num_transactions":${index},"ratio":0.${index}1234567890123456789,` +
    `"segment":"${word}","is_active":${index % 2 === 0},"last_seen":null,"scores":[${index % 10},${index % 11}.5]}`
  const stored =
    `{"M":{"account_number":{"N":"${account}"},"avg_credit_30d":{"N":"${amount}"},"num_transactions":{"N":"${index}"},` +
    `"ratio":{"N":"0.${index}1234567890123456789"},"segment":{"S":"${word}"},"is_active":{"BOOL":${index % 2 === 0}},` +
    `"last_seen":{"NULL":true},"scores":{"L":[{"N":"${index % 10}"},{"N":"${index % 11}.5"}]}}}`
  return { identifier, line: `{"identifier":"${identifier}","category":"trans_features","features":${features}}\n`, stored }
}
