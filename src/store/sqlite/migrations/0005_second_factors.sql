-- What a user signs in with beside a password, or instead of one.
CREATE TABLE passkey (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  user_id BLOB NOT NULL REFERENCES user (id),
  credential BLOB NOT NULL UNIQUE CHECK (length(credential) BETWEEN 1 AND 1023),
  public_key BLOB NOT NULL,
  sign_count INTEGER NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkey_by_user ON passkey (user_id);

-- The secret is sealed with a key that lies outside of the database.
CREATE TABLE totp (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES user (id),
  sealed_secret BLOB NOT NULL,
  pepper_version INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A code that was used has no row any more.
CREATE TABLE recovery_code (
  user_id BLOB NOT NULL REFERENCES user (id),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  pepper_version INTEGER NOT NULL,
  PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;
