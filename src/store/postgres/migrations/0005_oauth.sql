-- Applications, what they were granted, and the codes and tokens that it is redeemed for. A grant has no foreign key to its
-- client: a script that shows an API key as its secret calls itself what it likes.
CREATE TABLE oauth_client (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL CHECK (origin IN ('registered', 'configured', 'metadata_document')),
  auth text COLLATE "C" NOT NULL CHECK (auth IN ('none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt')),
  secret bytea CHECK (octet_length(secret) = 32),
  pepper_version bigint NOT NULL,
  redirect_uris text COLLATE "C" NOT NULL,
  grant_types text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  jwks text COLLATE "C" NOT NULL,
  metadata text COLLATE "C" NOT NULL,
  tenant uuid REFERENCES tenant (id) ON DELETE CASCADE,
  address text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint,
  fresh_until bigint
);

CREATE INDEX oauth_client_by_tenant ON oauth_client (tenant);
CREATE INDEX oauth_client_by_address ON oauth_client (address, created_at);

CREATE TABLE oauth_grant (
  id uuid NOT NULL PRIMARY KEY,
  client text COLLATE "C" NOT NULL,
  user_id uuid REFERENCES "user" (id),
  key_id uuid REFERENCES api_key (id) ON DELETE CASCADE,
  tenant uuid REFERENCES tenant (id) ON DELETE CASCADE,
  parent uuid REFERENCES oauth_grant (id) ON DELETE CASCADE,
  scopes text COLLATE "C" NOT NULL,
  resources text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint,
  last_address text COLLATE "C" NOT NULL,
  ended_at bigint,
  CHECK (user_id IS NULL OR key_id IS NULL)
);

CREATE INDEX oauth_grant_by_client ON oauth_grant (client);
CREATE INDEX oauth_grant_by_user ON oauth_grant (user_id);
CREATE INDEX oauth_grant_by_key ON oauth_grant (key_id);
CREATE INDEX oauth_grant_by_tenant ON oauth_grant (tenant);
CREATE INDEX oauth_grant_by_parent ON oauth_grant (parent);

CREATE TABLE authorization_code (
  digest bytea NOT NULL PRIMARY KEY CHECK (octet_length(digest) = 32),
  pepper_version bigint NOT NULL,
  grant_id uuid NOT NULL REFERENCES oauth_grant (id) ON DELETE CASCADE,
  client text COLLATE "C" NOT NULL,
  redirect_uri text COLLATE "C" NOT NULL,
  code_challenge text COLLATE "C" NOT NULL CHECK (octet_length(code_challenge) = 43),
  expires_at bigint NOT NULL,
  used_at bigint
);

CREATE INDEX authorization_code_by_grant ON authorization_code (grant_id);
CREATE INDEX authorization_code_by_end ON authorization_code (expires_at);

-- One line to a grant: no generation is there twice, so a line cannot fork.
CREATE TABLE refresh_token (
  digest bytea NOT NULL PRIMARY KEY CHECK (octet_length(digest) = 32),
  pepper_version bigint NOT NULL,
  grant_id uuid NOT NULL REFERENCES oauth_grant (id) ON DELETE CASCADE,
  generation bigint NOT NULL,
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  UNIQUE (grant_id, generation)
);

CREATE INDEX refresh_token_by_end ON refresh_token (expires_at);

CREATE TABLE authorization_request (
  digest bytea NOT NULL PRIMARY KEY CHECK (octet_length(digest) = 32),
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('pushed', 'shown')),
  parameters text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX authorization_request_by_end ON authorization_request (expires_at);

CREATE TABLE device_code (
  digest bytea NOT NULL PRIMARY KEY CHECK (octet_length(digest) = 32),
  user_code bytea NOT NULL UNIQUE CHECK (octet_length(user_code) = 32),
  pepper_version bigint NOT NULL,
  client text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  resources text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'approved', 'denied')),
  grant_id uuid REFERENCES oauth_grant (id) ON DELETE CASCADE,
  address text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  polled_at bigint
);

CREATE INDEX device_code_by_grant ON device_code (grant_id);
CREATE INDEX device_code_by_end ON device_code (expires_at);

CREATE TABLE signing_key (
  kid text COLLATE "C" NOT NULL PRIMARY KEY,
  algorithm text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  pepper_version bigint NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('next', 'current', 'retired')),
  created_at bigint NOT NULL,
  turned_at bigint NOT NULL,
  retired_until bigint
);
