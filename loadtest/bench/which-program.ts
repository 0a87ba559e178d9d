import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

// Debian keeps servers where only root's PATH looks.
const systemFolders = ['/usr/sbin', '/usr/local/sbin']

/** The path of an installed program, or undefined. */
export const whichProgram = async (name: string): Promise<string | undefined> => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders]
  for (const path of folders.map((folder) => join(folder, name))) {
    if (await isExecutable(path)) return path
  }
  return undefined
}

const isExecutable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
