-- The mac is made with keys derived from version seal_version of the pepper, and wiped when the grant ends. A grant from before there
-- were seals is over: people approve their clients once more.
ALTER TABLE oauth_grant ADD COLUMN seal_version integer NOT NULL DEFAULT 0;
ALTER TABLE oauth_grant ADD COLUMN mac bytea;
UPDATE oauth_grant SET ended_at = created_at WHERE ended_at IS NULL;
