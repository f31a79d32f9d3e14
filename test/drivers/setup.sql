-- The database that every driver works on: a year of records, two records of a tenant of their own to
-- compare values by, and a zone that is neither UTC nor a Java machine's own.

CREATE EXTENSION vidyo_cdr;
\getenv password PGPASSWORD
\set records 70000
\ir ../data/records.sql

INSERT INTO conferencecall2 VALUES
    (9100000000000000001, '9000000000000001', 'weekly@types.example.com', 'types.example.com', 'C', 'D', 'zl',
     'Zoë "Z", Łukasz''s', '2026-11-01 05:30:00Z', '2026-11-01 06:30:00Z', 'COMPLETED', 'I', 'router', '01',
     'gateway', '100000', 'VidyoDesktop', '3.6', 'iMac17,1', '2001:db8::1', 'U', 'M', 'zl', 'Mac OS', 1,
     'guid', '100'),
    (9100000000000000002, '9000000000000001', 'weekly@types.example.com', 'types.example.com', 'C', 'G', 'Guest',
     'Guest', '2026-11-01 06:30:00Z', NULL, 'IN PROGRESS', 'I', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, 'G', 'M', '', NULL, 0, '', NULL);

-- What a reader who also imports needs, and a role whose exports take long enough to be cancelled, and
-- count the records that they read.
CREATE ROLE reporting LOGIN NOINHERIT PASSWORD :'password';
CREATE ROLE slow_reader;
GRANT slow_reader TO reporting;
SELECT cdr_grant_import('reporting');
GRANT SELECT ON conferencecall2 TO slow_reader;
CREATE SEQUENCE slow_records;
GRANT USAGE ON SEQUENCE slow_records TO slow_reader;
GRANT SELECT ON SEQUENCE slow_records TO reporting;
CREATE POLICY slow ON conferencecall2 FOR SELECT TO slow_reader
    USING (nextval('slow_records') > 0 AND md5(repeat('x', 200000 + (callid % 9)::int4)) > '');
ALTER DATABASE :"DBNAME" SET timezone = 'America/New_York';
VACUUM ANALYZE conferencecall2;
