-- Existing tenants have the slug '' until the program gives them one, right after this step.
ALTER TABLE tenant ADD COLUMN slug TEXT NOT NULL DEFAULT '';

CREATE UNIQUE INDEX tenant_by_slug ON tenant (ifnull(parent, x''), slug) WHERE slug <> '';

-- A key may be bound to no tenant, and may be narrowed from another key, with which it ends. The last ancestor in the
-- restriction is the parent. The mac is made with keys derived from version seal_version of the pepper; 0 stands for a row
-- from before there were seals.
ALTER TABLE api_key RENAME TO unsealed_api_key;

CREATE TABLE api_key (
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  tenant BLOB REFERENCES tenant (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  parent BLOB REFERENCES api_key (id) ON DELETE CASCADE,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  digest_form TEXT NOT NULL CHECK (digest_form IN ('key', 'sha256')),
  pepper_version INTEGER NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  environment TEXT NOT NULL,
  scopes TEXT NOT NULL,
  restriction TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER,
  seal_version INTEGER NOT NULL,
  mac BLOB
) STRICT;

INSERT INTO api_key (id, tenant, kind, digest, digest_form, pepper_version, name, prefix, environment, scopes, created_by,
                     created_at, expires_at, revoked_at, last_used_at, seal_version)
  SELECT id, tenant, 'tenant', digest, 'key', pepper_version, name, prefix, environment, scopes, 'operator',
         created_at, expires_at, revoked_at, last_used_at, 0
  FROM unsealed_api_key ORDER BY rowid;

DROP TABLE unsealed_api_key;

CREATE INDEX api_key_by_tenant ON api_key (tenant, created_at);
CREATE INDEX api_key_by_parent ON api_key (parent) WHERE parent IS NOT NULL;

-- The log outlives the tenants and keys that it names. The triggers guard it against our own mistakes; against others there
-- is the chain of hashes.
CREATE TABLE audit (
  sequence INTEGER NOT NULL PRIMARY KEY CHECK (sequence > 0),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('act', 'denial', 'call')),
  event TEXT NOT NULL,
  actor TEXT NOT NULL,
  tenant BLOB,
  subject TEXT NOT NULL,
  request TEXT NOT NULL,
  detail TEXT NOT NULL,
  seal_version INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_denial_by_request ON audit (request) WHERE kind = 'denial';

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;

-- One row: where the log ends. It is written when the store is first sealed.
CREATE TABLE audit_head (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL,
  seal_version INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
