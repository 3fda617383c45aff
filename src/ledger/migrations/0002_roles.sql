-- SPDX-License-Identifier: Apache-2.0
-- Two roles that cannot log in, to be granted to those that do. The writer appends and never changes: it has no right to
-- update or delete a commit or a tile. What the law makes us erase stands in `erasable` alone.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'landfall_reader') THEN CREATE ROLE landfall_reader NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'landfall_writer') THEN CREATE ROLE landfall_writer NOLOGIN; END IF;
END
$$;

REVOKE ALL ON SCHEMA landfall FROM PUBLIC;
GRANT USAGE ON SCHEMA landfall TO landfall_reader, landfall_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA landfall TO landfall_reader, landfall_writer;
GRANT INSERT ON landfall.ledgers, landfall.commits, landfall.erasable, landfall.tiles, landfall.checkpoints, landfall.meta
  TO landfall_writer;
GRANT DELETE ON landfall.erasable, landfall.checkpoints TO landfall_writer;
GRANT UPDATE ON landfall.checkpoints, landfall.meta TO landfall_writer;
