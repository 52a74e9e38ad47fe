-- Applications, what they were granted, and the codes and tokens that it is redeemed for. A grant has no foreign key to its
-- client: a script that shows an API key as its secret calls itself what it likes.
CREATE TABLE oauth_client (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('registered', 'configured', 'metadata_document')),
  auth TEXT NOT NULL CHECK (auth IN ('none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt')),
  secret BLOB CHECK (length(secret) = 32),
  pepper_version INTEGER NOT NULL,
  redirect_uris TEXT NOT NULL,
  grant_types TEXT NOT NULL,
  scopes TEXT NOT NULL,
  jwks TEXT NOT NULL,
  metadata TEXT NOT NULL,
  tenant BLOB REFERENCES tenant (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  fresh_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX oauth_client_by_tenant ON oauth_client (tenant);
CREATE INDEX oauth_client_by_address ON oauth_client (address, created_at);

CREATE TABLE oauth_grant (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  client TEXT NOT NULL,
  user_id BLOB REFERENCES user (id),
  key_id BLOB REFERENCES api_key (id) ON DELETE CASCADE,
  tenant BLOB REFERENCES tenant (id) ON DELETE CASCADE,
  parent BLOB REFERENCES oauth_grant (id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,
  resources TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  last_address TEXT NOT NULL,
  ended_at INTEGER,
  CHECK (user_id IS NULL OR key_id IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX oauth_grant_by_client ON oauth_grant (client);
CREATE INDEX oauth_grant_by_user ON oauth_grant (user_id);
CREATE INDEX oauth_grant_by_key ON oauth_grant (key_id);
CREATE INDEX oauth_grant_by_tenant ON oauth_grant (tenant);
CREATE INDEX oauth_grant_by_parent ON oauth_grant (parent);

CREATE TABLE authorization_code (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  pepper_version INTEGER NOT NULL,
  grant_id BLOB NOT NULL REFERENCES oauth_grant (id) ON DELETE CASCADE,
  client TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  code_challenge TEXT NOT NULL CHECK (length(code_challenge) = 43),
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX authorization_code_by_grant ON authorization_code (grant_id);
CREATE INDEX authorization_code_by_end ON authorization_code (expires_at);

-- One line to a grant: no generation is there twice, so a line cannot fork.
CREATE TABLE refresh_token (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  pepper_version INTEGER NOT NULL,
  grant_id BLOB NOT NULL REFERENCES oauth_grant (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  UNIQUE (grant_id, generation)
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_token_by_end ON refresh_token (expires_at);

CREATE TABLE authorization_request (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('pushed', 'shown')),
  parameters TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX authorization_request_by_end ON authorization_request (expires_at);

CREATE TABLE device_code (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  user_code BLOB NOT NULL UNIQUE CHECK (length(user_code) = 32),
  pepper_version INTEGER NOT NULL,
  client TEXT NOT NULL,
  scopes TEXT NOT NULL,
  resources TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied')),
  grant_id BLOB REFERENCES oauth_grant (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  polled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX device_code_by_grant ON device_code (grant_id);
CREATE INDEX device_code_by_end ON device_code (expires_at);

CREATE TABLE signing_key (
  kid TEXT NOT NULL PRIMARY KEY,
  algorithm TEXT NOT NULL,
  sealed BLOB NOT NULL,
  pepper_version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('next', 'current', 'retired')),
  created_at INTEGER NOT NULL,
  turned_at INTEGER NOT NULL,
  retired_until INTEGER
) STRICT, WITHOUT ROWID;
