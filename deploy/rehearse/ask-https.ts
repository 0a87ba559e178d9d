import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { certificateName } from './certificate.ts'

// ask-https.ts ADDRESS CERTIFICATE: asks for a product by HTTP/2 and prints the status; fails when another certificate is shown.
const [address = '', certificate = ''] = process.argv.slice(2)
const session = connect(`https://${address}`, {
  ca: readFileSync(certificate),
  servername: certificateName,
})
session.setTimeout(5000, () => session.destroy(new Error('no answer within 5 s')))
const request = session.request({ ':path': '/products/1' })
request.on('response', (headers) => {
  console.log(headers[':status'])
  request.resume()
})
request.on('end', () => session.close())
