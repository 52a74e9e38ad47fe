CREATE TABLE tenant (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name TEXT NOT NULL,
  parent BLOB REFERENCES tenant (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tenant_by_parent ON tenant (parent);

CREATE TABLE user (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  tenant BLOB NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX user_by_tenant ON user (tenant);

-- With a rowid, so that reading every key at the start is one sequential pass. Scopes are separated by single spaces, which
-- RFC 6749 keeps out of their names. Times are milliseconds since 1970.
CREATE TABLE api_key (
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  tenant BLOB NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  pepper_version INTEGER NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  environment TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT;

CREATE INDEX api_key_by_tenant ON api_key (tenant, created_at);
