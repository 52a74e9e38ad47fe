-- What a user signs in with beside a password, or instead of one.
CREATE TABLE passkey (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES "user" (id),
  credential bytea NOT NULL UNIQUE CHECK (octet_length(credential) BETWEEN 1 AND 1023),
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint
);

CREATE INDEX passkey_by_user ON passkey (user_id);

-- The secret is sealed with a key that lies outside of the database.
CREATE TABLE totp (
  user_id uuid NOT NULL PRIMARY KEY REFERENCES "user" (id),
  sealed_secret bytea NOT NULL,
  pepper_version bigint NOT NULL,
  confirmed_at bigint,
  last_step bigint NOT NULL
);

-- A code that was used has no row any more.
CREATE TABLE recovery_code (
  user_id uuid NOT NULL REFERENCES "user" (id),
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  pepper_version bigint NOT NULL,
  PRIMARY KEY (user_id, digest)
);
