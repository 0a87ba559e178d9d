import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A certificate for shop.test that signs itself, made anew in a folder. */
export async function makeCertificate(folder: string) {
  const keyFile = join(folder, 'key.pem')
  const certificateFile = join(folder, 'certificate.pem')
  const options =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=shop.test'
  const files = ['-keyout', keyFile, '-out', certificateFile]
  await promisify(execFile)('openssl', [...options.split(' '), ...files])
  return { certificateFile, keyFile }
}
