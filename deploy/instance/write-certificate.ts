import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// write-certificate.ts FOLDER: reads {"certificate","key"} from standard input, refuses a pair that does not belong together
// or has expired, and writes both files, so that NGINX never sees one without the other.
const folder = process.argv[2] ?? '.'
const { certificate, key } = JSON.parse(readFileSync(0, 'utf8')) as Record<string, string>
if (certificate === undefined || key === undefined) {
  throw new Error('certificate secret: expected {"certificate":"PEM","key":"PEM"}')
}

const leaf = new X509Certificate(certificate)
if (!leaf.checkPrivateKey(createPrivateKey(key))) {
  throw new Error(`certificate secret: the key is not that of ${leaf.subject}`)
}
if (Date.parse(leaf.validTo) < Date.now()) {
  throw new Error(`certificate secret: ${leaf.subject} expired on ${leaf.validTo}`)
}
for (const [name, text] of Object.entries({ certificate, key })) {
  const file = join(folder, `${name}.pem`)
  writeFileSync(`${file}.new`, text, { mode: 0o640 })
  renameSync(`${file}.new`, file)
}
