-- What bench/cases.cc does, by hand in PostgreSQL 15: one function a command, one transaction each, the checks that the
-- engine makes. What a case is made of stands in tables that are read; the due day of a step is stored when it can begin,
-- by a table of working days. Every command leaves a row with who and when, and its key answers a repetition. Rows that
-- are updated have room on their page; no work list has an index, which would only slow this side down.
CREATE TABLE units(id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE accounts(
  id integer PRIMARY KEY,
  unit integer NOT NULL REFERENCES units,
  may_take_in boolean NOT NULL,
  may_decide boolean NOT NULL,
  disabled boolean NOT NULL DEFAULT false
);
CREATE TABLE work_days(number integer PRIMARY KEY, day date NOT NULL UNIQUE);
CREATE TABLE matters(
  id integer PRIMARY KEY,
  name text NOT NULL,
  unit integer NOT NULL REFERENCES units,
  limit_days integer NOT NULL CHECK (limit_days >= 0)
);
CREATE TABLE packages(id integer PRIMARY KEY, name text NOT NULL, unit integer NOT NULL REFERENCES units);
-- Step n of a case is the n-th matter of its package.
CREATE TABLE package_steps(
  package integer NOT NULL REFERENCES packages,
  step smallint NOT NULL,
  matter integer NOT NULL REFERENCES matters,
  PRIMARY KEY (package, step)
);
CREATE TABLE package_waits(
  package integer NOT NULL,
  step smallint NOT NULL,
  maker smallint NOT NULL CHECK (maker <> step),
  PRIMARY KEY (package, step, maker),
  FOREIGN KEY (package, step) REFERENCES package_steps,
  FOREIGN KEY (package, maker) REFERENCES package_steps
);
CREATE TABLE package_papers(
  package integer NOT NULL REFERENCES packages,
  paper smallint NOT NULL,
  name text NOT NULL,
  has_validity boolean NOT NULL,
  PRIMARY KEY (package, paper)
);
CREATE TABLE step_papers(
  package integer NOT NULL,
  step smallint NOT NULL,
  paper smallint NOT NULL,
  PRIMARY KEY (package, step, paper),
  FOREIGN KEY (package, step) REFERENCES package_steps,
  FOREIGN KEY (package, paper) REFERENCES package_papers
);

CREATE TABLE cases(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  package integer NOT NULL REFERENCES packages,
  state text NOT NULL CHECK (state IN ('incomplete', 'applied', 'running', 'approved')),
  applied_by integer NOT NULL REFERENCES accounts,
  applied_on date NOT NULL,
  accepted_by integer REFERENCES accounts,
  accepted_on date CHECK (accepted_on >= applied_on),
  closed_on date CHECK (closed_on >= accepted_on),
  delivered_on date CHECK (delivered_on >= closed_on),
  delivery text CHECK (delivery IN ('counter', 'post', 'electronic'))
) WITH (fillfactor = 70);
CREATE TABLE case_papers(
  case_id bigint NOT NULL REFERENCES cases,
  paper smallint NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  valid_until date,
  PRIMARY KEY (case_id, paper)
);
CREATE TABLE steps(
  case_id bigint NOT NULL REFERENCES cases,
  step smallint NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'received', 'approved')),
  due_on date,
  received_by integer REFERENCES accounts,
  received_on date,
  decided_by integer REFERENCES accounts,
  decided_on date CHECK (decided_on >= received_on),
  PRIMARY KEY (case_id, step)
) WITH (fillfactor = 70);
CREATE TABLE history(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  by integer NOT NULL REFERENCES accounts,
  key uuid NOT NULL,
  command text NOT NULL,
  case_id bigint NOT NULL REFERENCES cases,
  step smallint,
  UNIQUE (by, key)
);
CREATE INDEX ON history(case_id);

CREATE FUNCTION due_day(since date, days integer) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT w.day FROM work_days w WHERE w.number = days + (SELECT max(number) FROM work_days WHERE day <= since)
$$;

-- The unit of an account that may; refuses any other.
CREATE FUNCTION unit_of(p_by integer, deciding boolean) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE a accounts;
BEGIN
  SELECT * INTO a FROM accounts WHERE id = p_by;
  IF NOT FOUND OR a.disabled OR NOT (CASE WHEN deciding THEN a.may_decide ELSE a.may_take_in END) THEN
    RAISE EXCEPTION 'access.denied';
  END IF;
  RETURN a.unit;
END $$;

CREATE FUNCTION case_apply(p_by integer, p_key uuid, p_day date, p_package integer, p_papers text, p_digests bytea,
                           p_valid text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  answered bigint;
  papers smallint[] := p_papers::smallint[];
  valid date[] := p_valid::date[];
  lead integer;
  id_new bigint;
BEGIN
  SELECT case_id INTO answered FROM history WHERE by = p_by AND key = p_key;
  IF FOUND THEN RETURN answered; END IF;
  SELECT unit INTO lead FROM packages WHERE id = p_package;
  IF NOT FOUND THEN RAISE EXCEPTION 'package.unknown'; END IF;
  IF unit_of(p_by, false) <> lead THEN RAISE EXCEPTION 'access.other_unit'; END IF;
  IF EXISTS (SELECT FROM unnest(papers, valid) AS told(paper, until)
             LEFT JOIN package_papers asked ON asked.package = p_package AND asked.paper = told.paper
             WHERE asked.paper IS NULL OR (asked.has_validity AND told.until IS NULL) OR told.until < p_day) THEN
    RAISE EXCEPTION 'case.paper_unknown, case.validity_missing or case.paper_expired';
  END IF;
  INSERT INTO cases(package, state, applied_by, applied_on)
    SELECT p_package, CASE WHEN count(*) > 0 THEN 'incomplete' ELSE 'applied' END, p_by, p_day
    FROM package_papers asked WHERE asked.package = p_package AND asked.paper <> ALL (papers)
    RETURNING id INTO id_new;
  INSERT INTO case_papers(case_id, paper, digest, valid_until)
    SELECT id_new, told.paper, substring(p_digests FROM (32 * (told.n - 1) + 1)::integer FOR 32), told.until
    FROM unnest(papers, valid) WITH ORDINALITY AS told(paper, until, n);
  INSERT INTO steps(case_id, step) SELECT id_new, step FROM package_steps WHERE package = p_package;
  INSERT INTO history(by, key, command, case_id) VALUES (p_by, p_key, 'case.apply', id_new);
  RETURN id_new;
END $$;

CREATE FUNCTION case_accept(p_by integer, p_key uuid, p_day date, p_case bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  answered bigint;
  c cases;
BEGIN
  SELECT case_id INTO answered FROM history WHERE by = p_by AND key = p_key;
  IF FOUND THEN RETURN answered; END IF;
  SELECT * INTO c FROM cases WHERE id = p_case FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'case.unknown'; END IF;
  IF unit_of(p_by, false) <> (SELECT unit FROM packages WHERE id = c.package) THEN
    RAISE EXCEPTION 'access.other_unit';
  END IF;
  IF c.state = 'incomplete' THEN RAISE EXCEPTION 'case.papers_lacking'; END IF;
  IF c.state <> 'applied' THEN RAISE EXCEPTION 'case.wrong_state'; END IF;
  IF EXISTS (SELECT FROM case_papers WHERE case_id = p_case AND valid_until < p_day) THEN
    RAISE EXCEPTION 'case.paper_expired';
  END IF;
  UPDATE cases SET state = 'running', accepted_by = p_by, accepted_on = p_day WHERE id = p_case;
  UPDATE steps s SET due_on = due_day(p_day, m.limit_days)
    FROM package_steps f JOIN matters m ON m.id = f.matter
    WHERE s.case_id = p_case AND f.package = c.package AND f.step = s.step
      AND NOT EXISTS (SELECT FROM package_waits w WHERE w.package = c.package AND w.step = s.step);
  INSERT INTO history(by, key, command, case_id) VALUES (p_by, p_key, 'case.accept', p_case);
  RETURN p_case;
END $$;

CREATE FUNCTION step_receive(p_by integer, p_key uuid, p_day date, p_case bigint, p_step integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  answered bigint;
  c cases;
  s steps;
BEGIN
  SELECT case_id INTO answered FROM history WHERE by = p_by AND key = p_key;
  IF FOUND THEN RETURN answered; END IF;
  SELECT * INTO c FROM cases WHERE id = p_case;
  SELECT * INTO s FROM steps WHERE case_id = p_case AND step = p_step FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'step.unknown'; END IF;
  IF unit_of(p_by, true) <> (SELECT m.unit FROM package_steps f JOIN matters m ON m.id = f.matter
                             WHERE f.package = c.package AND f.step = p_step) THEN
    RAISE EXCEPTION 'case.not_competent';
  END IF;
  IF c.state <> 'running' OR s.state <> 'waiting' THEN RAISE EXCEPTION 'step.wrong_state'; END IF;
  IF s.due_on IS NULL THEN RAISE EXCEPTION 'step.waits'; END IF;
  UPDATE steps SET state = 'received', received_by = p_by, received_on = p_day
    WHERE case_id = p_case AND step = p_step;
  INSERT INTO history(by, key, command, case_id, step) VALUES (p_by, p_key, 'step.receive', p_case, p_step);
  RETURN p_case;
END $$;

-- The row of the case is locked first: two branches that end at once must see each other.
CREATE FUNCTION step_approve(p_by integer, p_key uuid, p_day date, p_case bigint, p_step integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  answered bigint;
  c cases;
  s steps;
BEGIN
  SELECT case_id INTO answered FROM history WHERE by = p_by AND key = p_key;
  IF FOUND THEN RETURN answered; END IF;
  SELECT * INTO c FROM cases WHERE id = p_case FOR UPDATE;
  SELECT * INTO s FROM steps WHERE case_id = p_case AND step = p_step;
  IF NOT FOUND THEN RAISE EXCEPTION 'step.unknown'; END IF;
  IF unit_of(p_by, true) <> (SELECT m.unit FROM package_steps f JOIN matters m ON m.id = f.matter
                             WHERE f.package = c.package AND f.step = p_step) THEN
    RAISE EXCEPTION 'case.not_competent';
  END IF;
  IF c.state <> 'running' OR s.state <> 'received' THEN RAISE EXCEPTION 'step.wrong_state'; END IF;
  IF p_by IN (c.applied_by, c.accepted_by) THEN RAISE EXCEPTION 'step.own_case'; END IF;
  IF EXISTS (SELECT FROM step_papers n WHERE n.package = c.package AND n.step = p_step
             AND NOT EXISTS (SELECT FROM case_papers h WHERE h.case_id = p_case AND h.paper = n.paper)) THEN
    RAISE EXCEPTION 'step.papers_lacking';
  END IF;
  UPDATE steps SET state = 'approved', decided_by = p_by, decided_on = p_day WHERE case_id = p_case AND step = p_step;
  UPDATE steps n SET due_on = due_day(p_day, m.limit_days)
    FROM package_waits w
    JOIN package_steps f ON f.package = w.package AND f.step = w.step
    JOIN matters m ON m.id = f.matter
    WHERE w.package = c.package AND w.maker = p_step AND n.case_id = p_case AND n.step = w.step
      AND NOT EXISTS (SELECT FROM package_waits o JOIN steps made ON made.case_id = p_case AND made.step = o.maker
                      WHERE o.package = c.package AND o.step = w.step AND made.state <> 'approved');
  IF NOT EXISTS (SELECT FROM steps WHERE case_id = p_case AND state <> 'approved') THEN
    UPDATE cases SET state = 'approved', closed_on = p_day WHERE id = p_case;
  END IF;
  INSERT INTO history(by, key, command, case_id, step) VALUES (p_by, p_key, 'step.approve', p_case, p_step);
  RETURN p_case;
END $$;

CREATE FUNCTION case_deliver(p_by integer, p_key uuid, p_day date, p_case bigint, p_how text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  answered bigint;
  c cases;
BEGIN
  SELECT case_id INTO answered FROM history WHERE by = p_by AND key = p_key;
  IF FOUND THEN RETURN answered; END IF;
  SELECT * INTO c FROM cases WHERE id = p_case FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'case.unknown'; END IF;
  IF unit_of(p_by, false) <> (SELECT unit FROM packages WHERE id = c.package) THEN
    RAISE EXCEPTION 'access.other_unit';
  END IF;
  IF c.state <> 'approved' OR c.delivered_on IS NOT NULL THEN RAISE EXCEPTION 'case.wrong_state'; END IF;
  UPDATE cases SET delivered_on = p_day, delivery = p_how WHERE id = p_case;
  INSERT INTO history(by, key, command, case_id) VALUES (p_by, p_key, 'case.deliver', p_case);
  RETURN p_case;
END $$;
