-- Which environment of the tenant: an index, 0 also for tenants of an installation that has none.
ALTER TABLE owner ADD COLUMN environment INTEGER NOT NULL DEFAULT 0;
