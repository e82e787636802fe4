import { jest } from '@jest/globals';

// Suites of real processes and databases take as long as a busy machine takes; one that hangs is
// still ended. Jest reads the setting of the same name from no project of its configuration.
jest.setTimeout(90_000);
