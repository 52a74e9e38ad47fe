-- What is bound to a key of the client (RFC 9449), by the key's thumbprint; empty where it is bound to none.
ALTER TABLE oauth_client ADD COLUMN is_key_bound boolean NOT NULL DEFAULT false;
ALTER TABLE authorization_code ADD COLUMN key_thumbprint text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE refresh_token ADD COLUMN key_thumbprint text COLLATE "C" NOT NULL DEFAULT '';
