/**
 * Tells the linter which file an import names, by the same `imports` map that Node and the
 * compiler use. The stock resolver ignores that map, and an import it cannot place would pass
 * every wall unseen.
 */
'use strict';

const { existsSync, readFileSync, statSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const { dirname, join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const SOURCE_CONDITION = 'wayfare:source';

/** Read anew when package.json changes, so that an editor's long-lived linter stays right. */
let mapCache = { mtimeMs: 0, entries: [] };
function importMap() {
  const file = join(root, 'package.json');
  const { mtimeMs } = statSync(file);
  if (mtimeMs !== mapCache.mtimeMs) {
    const { imports = {} } = JSON.parse(readFileSync(file, 'utf8'));
    mapCache = {
      mtimeMs,
      entries: Object.entries(imports).map(([key, target]) => [key, target[SOURCE_CONDITION]]),
    };
  }
  return mapCache.entries;
}

function mapped(specifier) {
  for (const [key, target] of importMap()) {
    const [head, tail] = key.split('*');
    if (tail === undefined) {
      if (specifier === key) return join(root, target);
    } else if (specifier.startsWith(head) && specifier.endsWith(tail)) {
      return join(root, target.replace('*', specifier.slice(head.length)));
    }
  }
  return undefined;
}

function existing(path) {
  const candidates = [path.replace(/\.js$/, '.ts'), path.replace(/\.mjs$/, '.mts'), path];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

exports.interfaceVersion = 2;
exports.resolve = (specifier, importer) => {
  if (isBuiltin(specifier)) return { found: true, path: null };
  if (specifier.startsWith('#')) {
    const target = mapped(specifier);
    // A target not written yet still belongs to a library, so the wall applies to it already.
    return target === undefined ? { found: false } : { found: true, path: target };
  }
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(importer), specifier);
    return { found: true, path: existing(target) ?? target.replace(/\.js$/, '.ts') };
  }
  return { found: false };
};
