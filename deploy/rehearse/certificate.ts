import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'

/** The only name that the certificate is good for. */
export const certificateName = 'rehearsal'

export interface Certificate {
  readonly certificateFile: string
  readonly keyFile: string
}

/** Makes a certificate for a day that nobody has signed, in a folder. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  await mkdir(folder, { recursive: true })
  const certificateFile = join(folder, 'certificate.pem')
  const keyFile = join(folder, 'key.pem')
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '1', '-subj', `/CN=${certificateName}`],
    ...['-addext', `subjectAltName=DNS:${certificateName}`],
    ...['-keyout', keyFile, '-out', certificateFile],
  ])
  return { certificateFile, keyFile }
}

/** The secret that the template's CertificateSecretArn wants. */
export const certificateSecret = async ({ certificateFile, keyFile }: Certificate) =>
  JSON.stringify({
    certificate: await readFile(certificateFile, 'utf8'),
    key: await readFile(keyFile, 'utf8'),
  })
