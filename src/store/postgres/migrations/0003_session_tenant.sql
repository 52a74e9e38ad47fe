-- In which tenant a session acts. A tenant that is deleted leaves the session in none.
ALTER TABLE session ADD COLUMN tenant uuid REFERENCES tenant (id) ON DELETE SET NULL;
CREATE INDEX session_by_tenant ON session (tenant) WHERE tenant IS NOT NULL;
