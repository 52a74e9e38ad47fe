-- Times are milliseconds since 1970. Text compares by its bytes, whatever the database's locale is. Scopes are separated by
-- single spaces, which RFC 6749 keeps out of their names.
CREATE TABLE tenant (
  id uuid NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  parent uuid REFERENCES tenant (id) ON DELETE CASCADE,
  created_at bigint NOT NULL,
  slug text COLLATE "C" NOT NULL
);

CREATE INDEX tenant_by_parent ON tenant (parent);
CREATE UNIQUE INDEX tenant_by_slug
  ON tenant (coalesce(parent, '00000000-0000-0000-0000-000000000000'), slug);

CREATE TABLE "user" (
  id uuid NOT NULL PRIMARY KEY,
  tenant uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  email text COLLATE "C" NOT NULL UNIQUE,
  password_hash text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL
);

CREATE INDEX user_by_tenant ON "user" (tenant);

-- A key may be bound to no tenant, and may be narrowed from another key, with which it ends. The last ancestor in the
-- restriction is the parent. The mac is made with keys derived from version seal_version of the pepper. rowid is the order
-- in which keys were made, under the name that it has in SQLite.
CREATE TABLE api_key (
  rowid bigint GENERATED ALWAYS AS IDENTITY,
  id uuid NOT NULL PRIMARY KEY,
  tenant uuid REFERENCES tenant (id) ON DELETE CASCADE,
  kind text COLLATE "C" NOT NULL,
  parent uuid REFERENCES api_key (id) ON DELETE CASCADE,
  digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
  digest_form text COLLATE "C" NOT NULL CHECK (digest_form IN ('key', 'sha256')),
  pepper_version bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  prefix text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  restriction text COLLATE "C",
  created_by text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  last_used_at bigint,
  seal_version bigint NOT NULL,
  mac bytea
);

CREATE INDEX api_key_by_tenant ON api_key (tenant, created_at);
CREATE INDEX api_key_by_parent ON api_key (parent) WHERE parent IS NOT NULL;

-- The log outlives the tenants and keys that it names. The triggers guard it against our own mistakes; against others there
-- is the chain of hashes.
CREATE TABLE audit (
  sequence bigint NOT NULL PRIMARY KEY CHECK (sequence > 0),
  at bigint NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('act', 'denial', 'call')),
  event text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  tenant uuid,
  subject text COLLATE "C" NOT NULL,
  request text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  seal_version bigint NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE INDEX audit_denial_by_request ON audit (request) WHERE kind = 'denial';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit log is only appended to'; END $$;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row: where the log ends. It is written when the store is first sealed.
CREATE TABLE audit_head (
  id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
  sequence bigint NOT NULL,
  hash bytea NOT NULL,
  seal_version bigint NOT NULL,
  mac bytea NOT NULL
);
