-- Whose file this is: one row, written once. The tables of the collections are made from the configuration.
CREATE TABLE owner (
  tenant BLOB NOT NULL CHECK (length(tenant) = 16)
) STRICT;
