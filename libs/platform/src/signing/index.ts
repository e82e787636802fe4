export * from './keys.js';
export * from './request-time.js';
export * from './sign.js';
export * from './signature-header.js';
export * from './signed-text.js';
