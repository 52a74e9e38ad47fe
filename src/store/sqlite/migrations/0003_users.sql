-- A user is one in the installation and belongs to tenants by memberships. An address is taken once among those who sign in
-- with it here; that of an external user is what its issuer says. Who was a user of one tenant becomes a member of it.
ALTER TABLE user RENAME TO user_of_tenant;

CREATE TABLE user (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  email TEXT NOT NULL,
  is_local INTEGER NOT NULL CHECK (is_local = 0 OR (is_local = 1 AND email <> '')),
  name TEXT NOT NULL,
  password TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX user_by_email ON user (email) WHERE is_local AND ended_at IS NULL;

CREATE TABLE membership (
  tenant BLOB NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  user_id BLOB NOT NULL REFERENCES user (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'read-only')),
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_by_user ON membership (user_id);

INSERT INTO user (id, email, is_local, name, password, created_at)
  SELECT id, email, email <> '', '', nullif(password_hash, ''), created_at FROM user_of_tenant;
INSERT INTO membership (tenant, user_id, role) SELECT tenant, id, 'member' FROM user_of_tenant;
DROP TABLE user_of_tenant;

-- An identity stays when its user ends, so that a token which is still good makes no new user of it.
CREATE TABLE identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id BLOB NOT NULL REFERENCES user (id),
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_by_user ON identity (user_id);

CREATE TABLE external_tenant (
  issuer TEXT NOT NULL,
  external_id TEXT NOT NULL,
  tenant BLOB NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  PRIMARY KEY (issuer, external_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX external_tenant_by_tenant ON external_tenant (tenant);

-- idle_until is never later than expires_at.
CREATE TABLE session (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  user_id BLOB NOT NULL REFERENCES user (id),
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  pepper_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  idle_until INTEGER NOT NULL CHECK (idle_until <= expires_at),
  expires_at INTEGER NOT NULL,
  signed_in_by TEXT NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_end ON session (idle_until);

CREATE TABLE one_time_link (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  pepper_version INTEGER NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset', 'verify_email')),
  user_id BLOB REFERENCES user (id),
  email TEXT NOT NULL,
  tenant BLOB REFERENCES tenant (id) ON DELETE CASCADE,
  role TEXT CHECK (role IN ('owner', 'admin', 'member', 'read-only')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX one_time_link_by_user ON one_time_link (user_id);
CREATE INDEX one_time_link_by_tenant ON one_time_link (tenant);
CREATE INDEX one_time_link_by_end ON one_time_link (expires_at);

CREATE TABLE webhook_event (
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (source, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_event_by_time ON webhook_event (seen_at);

-- The user with whom a key ends.
ALTER TABLE api_key ADD COLUMN owner BLOB REFERENCES user (id);
CREATE INDEX api_key_by_owner ON api_key (owner) WHERE owner IS NOT NULL;
