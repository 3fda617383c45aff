-- SPDX-License-Identifier: Apache-2.0
-- The ledgers of one database. Every table is keyed by jurisdiction first, so that jurisdictions can be spread over
-- machines (DESIGN §3). Columns as in the SQLite store; see docs/formats/log.md.

CREATE TABLE landfall.ledgers (
  jurisdiction text PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE landfall.commits (
  jurisdiction text NOT NULL,
  first bigint NOT NULL CHECK (first > 0),
  n integer NOT NULL CHECK (n > 0),
  body bytea NOT NULL,
  leaf_hashes bytea NOT NULL,
  frontier bytea NOT NULL,
  checksum bigint NOT NULL,
  PRIMARY KEY (jurisdiction, first)
);
-- Trying to compress what is mostly hashes and salts costs the writer more than it saves.
ALTER TABLE landfall.commits ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN leaf_hashes SET STORAGE EXTERNAL;

CREATE TABLE landfall.erasable (
  jurisdiction text NOT NULL,
  seq bigint NOT NULL,
  event integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (jurisdiction, seq, event)
);

CREATE TABLE landfall.tiles (
  jurisdiction text NOT NULL,
  level integer NOT NULL,
  idx bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (jurisdiction, level, idx)
);

CREATE TABLE landfall.checkpoints (
  jurisdiction text NOT NULL,
  size bigint NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (jurisdiction, size)
);

CREATE TABLE landfall.meta (
  jurisdiction text NOT NULL,
  key text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (jurisdiction, key)
);

-- A commit follows the last one without a hole. The unique key alone decides between two writers that stand at the same
-- entry; this trigger also stops a writer that knows entries which the database has lost, after a failover to a copy
-- that was behind.
CREATE FUNCTION landfall.commit_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  next bigint;
BEGIN
  SELECT c.first + c.n INTO next FROM landfall.commits c
    WHERE c.jurisdiction = NEW.jurisdiction ORDER BY c.first DESC LIMIT 1;
  next := coalesce(next, 1);
  IF NEW.first < next THEN
    RAISE EXCEPTION 'entry % is taken, the next is %', NEW.first, next USING ERRCODE = 'unique_violation';
  ELSIF NEW.first > next THEN
    RAISE EXCEPTION 'entry % does not follow, the next is %', NEW.first, next USING ERRCODE = 'LF001';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER commit_follows BEFORE INSERT ON landfall.commits
  FOR EACH ROW EXECUTE FUNCTION landfall.commit_follows();
