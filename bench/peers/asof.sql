-- The facts of bench/asof.cc in PostgreSQL: one row for each version, with the entries in which it stood as a range.
-- btree_gist lets one GiST index answer "this month" and "stood at that entry" together.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE facts(
  project integer NOT NULL,
  district integer NOT NULL,
  month integer NOT NULL,
  amount bigint NOT NULL,
  record bigint NOT NULL,
  stated bigint NOT NULL,
  ended bigint,
  known int8range GENERATED ALWAYS AS (int8range(stated, ended)) STORED
);
