/**
 * Clearing and settlement files: written for every participant once a cycle is netted, kept below
 * the data folder, and handed out to their owners.
 */
export { FilesApiModule, FilesModule } from './files.module.js';
export { filesChecks } from './files-checks.js';
export { filesRootOf } from './files-root.js';
export { FileSets, listFileSets, openFileSets, reopenFileSets } from './file-sets.js';
export { EXPORT_KINDS, exportIso, type ExportKind } from './iso-export.js';
