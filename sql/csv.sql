-- The CSV file through COPY: header, quoting, NULL against '', line breaks.
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

INSERT INTO conferencecall2 VALUES
    (1, '1234567890123456', 'room@acme.example.com', 'acme', 'C', 'D', 'jdoe', 'Jane "JD" Doe, Dr.',
     '2026-01-05 10:00:00', '2026-01-05 11:00:00.25', 'COMPLETED', 'I', 'router', NULL, NULL, '',
     'VidyoDesktop', 'TAG_VD_3_6_9_014', 'iMac17,1', '192.0.2.7', 'U', 'M', 'jdoe', 'Mac OS', 1,
     'A86-2F4E', '4711'),
    (2, '1234567890123456', 'room@acme.example.com', 'acme', 'C', 'G', 'Guest', E'two\nlines',
     '2026-01-05 10:00:01', NULL, 'IN PROGRESS', 'I', NULL, '', '', NULL, NULL, NULL, NULL,
     '2001:db8::1', NULL, NULL, '', NULL, 0, '', NULL),
    (3, '3', E'\\.', 'tenant with "quotes"', 'ID', 'L', '', E'tab\there, carriage\rreturn',
     '2026-01-05 10:00:02', NULL, 'RINGING', 'O', '=1+1', '7', 'gw', '0815', 'VidyoGateway', ' 3 ',
     'Zoë''s Gerät; größer', NULL, 'L', 'P', '日本', 'NULL', 3, '', '');

COPY (SELECT * FROM export_cdr('2026-01-01', '2026-02-01')) TO STDOUT WITH (FORMAT csv, HEADER);

-- Some columns, another delimiter, everything quoted.
COPY (SELECT "CallID", "CallerName", "GwPrefix" FROM export_cdr()) TO STDOUT
    WITH (FORMAT csv, HEADER, DELIMITER ';', FORCE_QUOTE *, NULL '-');

-- From the client: the same.
\copy (SELECT "CallID", "DeviceModel", "RoomOwner" FROM export_cdr()) TO STDOUT WITH (FORMAT csv, HEADER)

-- An export without records is a header.
COPY (SELECT * FROM export_cdr(tenant => 'nobody')) TO STDOUT WITH (FORMAT csv, HEADER);

-- The file read back gives the identical records.
CREATE TEMP TABLE round_trip (LIKE conferencecall2);
COPY (SELECT * FROM export_cdr()) TO PROGRAM 'cat > csv_round_trip.csv' WITH (FORMAT csv, HEADER);
COPY round_trip FROM PROGRAM 'cat csv_round_trip.csv; rm csv_round_trip.csv'
    WITH (FORMAT csv, HEADER);
SELECT count(*) AS records,
       count(*) FILTER (WHERE r IS NOT DISTINCT FROM c) AS identical
FROM round_trip AS r FULL JOIN conferencecall2 AS c USING (callid);
TRUNCATE conferencecall2 RESTART IDENTITY;
