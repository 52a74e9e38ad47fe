-- A user is one in the installation and belongs to tenants by memberships. An address is taken once among those who sign in
-- with it here; that of an external user is what its issuer says. Who was a user of one tenant becomes a member of it.
ALTER TABLE "user" RENAME TO user_of_tenant;
ALTER TABLE user_of_tenant RENAME CONSTRAINT user_pkey TO user_of_tenant_pkey;

CREATE TABLE "user" (
  id uuid NOT NULL PRIMARY KEY,
  email text COLLATE "C" NOT NULL,
  is_local boolean NOT NULL CHECK (NOT is_local OR email <> ''),
  name text COLLATE "C" NOT NULL,
  password text COLLATE "C",
  created_at bigint NOT NULL,
  ended_at bigint
);

CREATE UNIQUE INDEX user_by_email ON "user" (email) WHERE is_local AND ended_at IS NULL;

CREATE TABLE membership (
  tenant uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES "user" (id),
  role text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'read-only')),
  PRIMARY KEY (tenant, user_id)
);

CREATE INDEX membership_by_user ON membership (user_id);

INSERT INTO "user" (id, email, is_local, name, password, created_at)
  SELECT id, email, email <> '', '', nullif(password_hash, ''), created_at FROM user_of_tenant;
INSERT INTO membership (tenant, user_id, role) SELECT tenant, id, 'member' FROM user_of_tenant;
DROP TABLE user_of_tenant;

-- An identity stays when its user ends, so that a token which is still good makes no new user of it.
CREATE TABLE identity (
  issuer text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL REFERENCES "user" (id),
  PRIMARY KEY (issuer, subject)
);

CREATE INDEX identity_by_user ON identity (user_id);

CREATE TABLE external_tenant (
  issuer text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  tenant uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  PRIMARY KEY (issuer, external_id)
);

CREATE INDEX external_tenant_by_tenant ON external_tenant (tenant);

-- idle_until is never later than expires_at.
CREATE TABLE session (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES "user" (id),
  digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
  pepper_version bigint NOT NULL,
  created_at bigint NOT NULL,
  last_seen_at bigint NOT NULL,
  idle_until bigint NOT NULL CHECK (idle_until <= expires_at),
  expires_at bigint NOT NULL,
  signed_in_by text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  user_agent text COLLATE "C" NOT NULL
);

CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_end ON session (idle_until);

CREATE TABLE one_time_link (
  digest bytea NOT NULL PRIMARY KEY CHECK (octet_length(digest) = 32),
  pepper_version bigint NOT NULL,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('invitation', 'reset', 'verify_email')),
  user_id uuid REFERENCES "user" (id),
  email text COLLATE "C" NOT NULL,
  tenant uuid REFERENCES tenant (id) ON DELETE CASCADE,
  role text COLLATE "C" CHECK (role IN ('owner', 'admin', 'member', 'read-only')),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);

CREATE INDEX one_time_link_by_user ON one_time_link (user_id);
CREATE INDEX one_time_link_by_tenant ON one_time_link (tenant);
CREATE INDEX one_time_link_by_end ON one_time_link (expires_at);

CREATE TABLE webhook_event (
  source text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (source, event_id)
);

CREATE INDEX webhook_event_by_time ON webhook_event (seen_at);

-- The user with whom a key ends.
ALTER TABLE api_key ADD COLUMN owner uuid REFERENCES "user" (id);
CREATE INDEX api_key_by_owner ON api_key (owner) WHERE owner IS NOT NULL;
