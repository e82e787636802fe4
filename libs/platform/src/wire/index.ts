export * from './signed-routes.js';
export * from './strict-json.js';
export * from './wire-call.js';
