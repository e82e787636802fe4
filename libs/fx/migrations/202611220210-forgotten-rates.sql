-- Dropping imported rates must be noticed by running processes like any other load, so it is one, with what it removed.

ALTER TABLE fx_loads ADD COLUMN removed integer NOT NULL DEFAULT 0 CHECK (removed >= 0);
ALTER TABLE fx_loads ALTER COLUMN newest DROP NOT NULL;
