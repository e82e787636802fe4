-- A key may let its holder ask for simulations and stop them, and nothing else.
ALTER TABLE operator_keys DROP CONSTRAINT operator_keys_scopes;
ALTER TABLE operator_keys ADD CONSTRAINT operator_keys_scopes CHECK (scopes <@ ARRAY[
  'read', 'payments:write', 'network:write', 'settlement:write', 'caps:write', 'ledger:read',
  'queues:write', 'simulations:write', 'operators:write', 'approvals:write']);
