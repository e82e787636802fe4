/**
 * Parts that documents and the compose file name and the tree does not have yet. The list may only
 * shrink: `awaited.spec.ts` fails for an entry that has arrived.
 */
export const AWAITED_FILES: readonly string[] = [
  'apps/hub/src/main.ts',
  'apps/sandbox/src/main.ts',
];

export const AWAITED_VERBS: readonly string[] = ['demo', 'start'];
