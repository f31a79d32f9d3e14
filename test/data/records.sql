-- Fills ConferenceCall2 with made-up but plausible records of one year, for the demo, the tests and
-- the benchmarks. Every value is computed from the number of its conference and of its participant,
-- so each run gives the same records. Nobody in them is real: the domains are below example.com,
-- and the addresses are of the ranges kept for documentation.
--
--   psql -v records=240000 -v year=2026 -f test/data/records.sql

\if :{?records}
\else
    \set records 240000
\endif
\if :{?year}
\else
    \set year 2026
\endif

-- A number from 0 to sides - 1 that depends on the key and on what is thrown for.
CREATE FUNCTION pg_temp.dice(key bigint, thrown_for text, sides bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint8extended(key, hashtext(thrown_for)) & 9223372036854775807) % sides $$;

-- One of the choices; what is listed several times comes that much more often.
CREATE FUNCTION pg_temp.pick(key bigint, thrown_for text, choices text[]) RETURNS text
    LANGUAGE sql IMMUTABLE AS
    $$ SELECT choices[1 + pg_temp.dice(key, thrown_for, cardinality(choices))] $$;

-- The people, numbered from 0 to 479; every tenant has the same ones.
CREATE FUNCTION pg_temp.first_name(person bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT (ARRAY['Anna', 'Ben', 'Chloé', 'David', 'Elif', 'François', 'Grace', 'Henrik', 'Inês',
                     'James', 'Karin', 'Łukasz', 'Maria', 'Noah', 'Olga', 'Paul', 'Renée', 'Samuel',
                     'Tomás', 'Zoë'])[1 + person % 20] $$;
CREATE FUNCTION pg_temp.last_name(person bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT (ARRAY['Andersen', 'Baker', 'Çelik', 'Dubois', 'Evans', 'Fischer', 'García', 'Hoffmann',
                     'Ivanova', 'Jensen', 'Kowalski', 'López', 'Müller', 'Nguyen', 'O''Brien',
                     'Petrov', 'Quinn', 'Rossi', 'Schröder', 'Tanaka', 'Ueda', 'Weiß', 'Yılmaz', 'Zhang'])
                     [1 + person / 20] $$;
CREATE FUNCTION pg_temp.login(person bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT translate(lower(left(pg_temp.first_name(person), 1) || pg_temp.last_name(person)),
                        'łŁçÇíóöüßı''', 'llcciooousi') $$;

-- OFFSET 0 makes each step compute its values once, however often the later steps name them.
INSERT INTO conferencecall2 (
    uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid, callername,
    jointime, leavetime, callstate, direction, routerid, gwprefix, gwid, referencenumber,
    applicationname, applicationversion, devicemodel, endpointpublicipaddress, accesstype, roomtype,
    roomowner, applicationos, callcompletioncode, endpointguid, extension)
WITH
-- What has not ended by the last second of the year is still open.
calendar AS (
    SELECT make_timestamptz(:year, 1, 1, 0, 0, 0, 'UTC') AS year_start,
           make_timestamptz(:year, 12, 31, 23, 59, 59, 'UTC') AS year_end,
           make_date(:year + 1, 1, 1) - make_date(:year, 1, 1) AS days_in_year,
           extract(isodow FROM make_date(:year, 1, 1))::int - 1 AS first_weekday
),
-- Nine conferences of 2 to 11 participants make a batch of forty records.
batch AS (
    SELECT row_number() OVER (ORDER BY nth, seat) - 1 AS place, nth, size, seat
    FROM unnest(ARRAY[2, 2, 2, 3, 4, 4, 5, 7, 11]) WITH ORDINALITY AS plan (size, nth)
    CROSS JOIN generate_series(0, size - 1) AS seat
),
-- One row for each record. The first two conferences of a batch are calls between two parties. The
-- conferences of every thousandth batch are open at the end of the year.
seats AS (
    SELECT batch_number * 9 + nth AS conference, (batch_number * 9 + nth) * 16 + seat AS participant,
           size, seat, nth <= 2 AS is_direct, nth = 1 AS is_ringing, batch_number % 1000 = 0 AS is_open
    FROM generate_series(0, (:records - 1) / 40) AS batch_number
    CROSS JOIN batch
    WHERE batch_number * 40 + place < :records
),
-- The day of the conference: three of four that fall on a weekend move to a weekday after it.
days AS (
    SELECT seats.*, calendar.*,
           CASE
               WHEN weekday >= 5 AND pg_temp.dice(conference, 'weekend', 4) > 0
               THEN (drawn_day + 7 - weekday + pg_temp.dice(conference, 'weekday', 5)) % days_in_year
               ELSE drawn_day
           END AS day
    FROM seats
    CROSS JOIN calendar
    CROSS JOIN LATERAL (
        SELECT pg_temp.dice(conference, 'day', days_in_year) AS drawn_day OFFSET 0) AS drawn
    CROSS JOIN LATERAL (
        SELECT (drawn_day + first_weekday) % 7 AS weekday OFFSET 0) AS fallen
),
-- Its start, mostly in business hours and at a full or half hour, and its length in seconds.
conferences AS (
    SELECT conference, participant, size, seat, is_direct, is_ringing, year_end,
           CASE
               WHEN is_open AND is_direct
               THEN year_end - make_interval(secs => 5 + pg_temp.dice(conference, 'rings for', 25))
               WHEN is_open
               THEN year_end - make_interval(secs => 600 + pg_temp.dice(conference, 'open for', 6600))
               ELSE year_start + make_interval(secs => day * 86400
                   + 3600 * pg_temp.pick(conference, 'hour',
                       '{0,6,7,7,8,8,8,9,9,9,9,9,10,10,10,10,10,11,11,11,11,12,12,13,13,13,'
                       '14,14,14,14,14,15,15,15,15,16,16,17,18,20,22}')::int
                   + 60 * pg_temp.pick(conference, 'minute', '{0,0,0,0,0,15,30,30,30,45}')::int
                   + CASE WHEN is_direct THEN pg_temp.dice(conference, 'second', 900) ELSE 0 END)
           END AS starts,
           CASE
               WHEN is_open THEN 86400
               WHEN is_direct THEN 60 + pg_temp.dice(conference, 'length', 1500)
               ELSE 900 * (1 + pg_temp.dice(conference, 'length', 6))
           END AS length
    FROM days
),
-- When the participant joins: mostly within five minutes. CallID will follow this order.
joins AS (
    SELECT conference, participant, size, seat, is_direct, is_ringing, year_end,
           starts + make_interval(secs => length) AS ends,
           CASE
               WHEN is_direct THEN starts
               ELSE least(year_end, starts + make_interval(secs =>
                   CASE
                       WHEN seat = 0 THEN pg_temp.dice(participant, 'first', 30)
                       WHEN pg_temp.dice(participant, 'is late', 20) = 0
                       THEN pg_temp.dice(participant, 'late', 1800)
                       ELSE pg_temp.dice(participant, 'on time', 300)
                   END))
           END AS join_time
    FROM conferences
    ORDER BY join_time, participant
)
SELECT 1000000000000000 + conference * 2654435761001 % 8999999999999999,
       room || '@' || tenant, tenant,
       CASE WHEN pg_temp.dice(conference, 'is inter-portal', 20) = 0 THEN 'I' ELSE '' END
           || CASE WHEN is_direct THEN 'D' ELSE 'C' END,
       endpoint_type, caller_id, caller_name,
       join_time, CASE WHEN leave_time <= year_end THEN leave_time END, call_state, direction,
       CASE WHEN call_state IN ('COMPLETED', 'IN PROGRESS')
           THEN upper(md5(tenant)) || '-VidyoRouter-'
               || pg_temp.pick(conference, 'router', '{000001,000002,000003}')
       END,
       CASE WHEN endpoint_type IN ('L', 'C') THEN pg_temp.pick(participant, 'prefix', '{01,02,9}') END,
       CASE WHEN endpoint_type IN ('L', 'C')
           THEN 'gateway' || pg_temp.pick(participant, 'gateway', '{1,2,3}') || '.' || tenant
       END,
       CASE WHEN pg_temp.dice(participant, 'has reference', 40) = 0
           THEN (100000 + pg_temp.dice(participant, 'reference', 900000))::text
           ELSE ''
       END,
       split_part(device, '|', 1), split_part(device, '|', 2), split_part(device, '|', 3), address,
       access_type, room_type, CASE WHEN room_type IN ('M', 'S') THEN pg_temp.login(owner) ELSE '' END,
       split_part(device, '|', 4),
       CASE WHEN call_state = 'COMPLETED'
           THEN pg_temp.pick(participant, 'completion', '{0,1,1,1,1,1,1,1,1,1,1,1,1,2,2,3}')::smallint
           ELSE 0
       END,
       CASE split_part(device, '|', 1)
           WHEN 'VidyoMobile'
           THEN 'A86-' || upper(left(endpoint_hash, 16)) || '-' || upper(right(endpoint_hash, 16))
           ELSE endpoint_hash::uuid::text
       END,
       extension
FROM joins
-- Whose conference it is: the largest tenant has a quarter of all, the smallest one in a hundred.
CROSS JOIN LATERAL (
    SELECT (ARRAY['acme', 'riverside-hospital', 'lakeside-university', 'metro-courts', 'harbor-bank',
                  'pine-insurance', 'city-council', 'orchard-schools', 'valley-law', 'solar-works',
                  'north-clinic', 'westend-theatre'])
               [1 + width_bucket(pg_temp.dice(conference, 'tenant', 100),
                                 '{26,44,58,68,76,82,87,91,94,97,99}'::bigint[])]
               || '.example.com' AS tenant,
           pg_temp.dice(conference, 'owner', 480) AS owner,
           CASE
               WHEN NOT is_direct THEN pg_temp.pick(conference, 'room type', '{M,M,M,M,M,M,P,P,P,S}')
           END AS room_type
    OFFSET 0) AS host
-- Who takes the seat, at what kind of endpoint. The person in the first seat owns the room.
CROSS JOIN LATERAL (
    SELECT (owner + seat * 37) % 480 AS person,
           CASE
               WHEN is_direct THEN pg_temp.pick(participant, 'endpoint', '{D,D,D,D,D,R,R,L}')
               WHEN seat = 0 THEN pg_temp.pick(participant, 'endpoint', '{D,D,D,D,R}')
               WHEN size > 3 AND seat = size - 1 AND pg_temp.dice(conference, 'is recorded', 5) = 0
               THEN 'C'
               ELSE pg_temp.pick(participant, 'endpoint', '{D,D,D,D,D,D,D,D,D,D,G,G,G,G,R,R,L,L}')
           END AS endpoint_type
    OFFSET 0) AS who
-- Which way the call went, and how it failed, if it did: the second party of a failed call between two
-- was alerted, and a conference that calls a legacy endpoint may get no answer.
CROSS JOIN LATERAL (
    SELECT CASE
               WHEN is_direct THEN CASE seat WHEN 0 THEN 'O' ELSE 'I' END
               WHEN endpoint_type = 'C' OR endpoint_type = 'L' AND participant % 2 = 0 THEN 'O'
               ELSE 'I'
           END AS direction,
           CASE
               WHEN is_direct AND ends <= year_end AND pg_temp.dice(conference, 'fails', 7) = 0
               THEN CASE seat
                   WHEN 0 THEN pg_temp.pick(conference, 'failure',
                       '{RING REJECTED,RING NO ANSWER,RING CANCELLED}')
                   ELSE 'ALERT CANCELLED'
               END
               WHEN endpoint_type = 'L' AND seat > 1 AND participant % 2 = 0
                   AND pg_temp.dice(participant, 'fails', 5) = 0
               THEN pg_temp.pick(participant, 'failure',
                   '{RING REJECTED,RING NO ANSWER,RING CANCELLED}')
           END AS failure
    OFFSET 0) AS outcome
-- When the participant leaves: soon after a failure, at the end, or, one in five, some time before.
CROSS JOIN LATERAL (
    SELECT CASE
               WHEN failure IS NOT NULL
               THEN join_time + make_interval(secs => 5 + pg_temp.dice(conference, 'rings for', 40))
               WHEN is_direct THEN ends
               WHEN seat > 0 AND pg_temp.dice(participant, 'leaves early', 5) = 0
               THEN join_time + make_interval(secs => 30 + pg_temp.dice(participant, 'stays for', 850))
               ELSE greatest(ends, join_time)
                   + make_interval(secs => pg_temp.dice(participant, 'lingers for', 90))
           END AS leave_time
    OFFSET 0) AS leaves
CROSS JOIN LATERAL (
    SELECT CASE
               WHEN leave_time <= year_end THEN coalesce(failure, 'COMPLETED')
               WHEN is_direct AND is_ringing THEN CASE seat WHEN 0 THEN 'RINGING' ELSE 'ALERTING' END
               WHEN is_direct THEN CASE seat WHEN 0 THEN 'RING ACCEPTED' ELSE 'ALERTING' END
               ELSE 'IN PROGRESS'
           END AS call_state
    OFFSET 0) AS state
-- How the portal knows the participant. Guests type their own names, so some are odd.
CROSS JOIN LATERAL (
    SELECT CASE endpoint_type
               WHEN 'D' THEN pg_temp.login(person)
               WHEN 'R' THEN 'room' || person % 40
               WHEN 'G' THEN 'Guest'
               WHEN 'L' THEN CASE WHEN person % 3 > 0 THEN 40000 + person || '' ELSE '' END
               WHEN 'C' THEN 'recorder'
           END AS caller_id,
           CASE
               WHEN endpoint_type = 'D' THEN pg_temp.first_name(person) || ' ' || pg_temp.last_name(person)
               WHEN endpoint_type = 'R' THEN pg_temp.pick(person % 40, 'room name',
                   '{Board Room,"Room 4, North Wing",Lecture Hall,Salle Zoé,Besprechung Süd,Court 2,Ward 7}')
               WHEN endpoint_type = 'L'
               THEN CASE WHEN person % 3 > 0 THEN '+1 555 01' || 10 + person % 90 END
               WHEN endpoint_type = 'C' THEN 'VidyoReplay Recorder'
               WHEN pg_temp.dice(participant, 'is odd', 25) = 0
               THEN pg_temp.pick(participant, 'odd name', ARRAY[
                   'Garcia, Luis', 'Ben "Benny" Baker', '"', 'Lee; Kim', 'Мария Иванова', '山田 太郎',
                   'ليلى حداد', 'Zoë 😀', '=SUM(A1:A9)', '@reception', '+1 555 0142', '-', '', ' Paul ',
                   'NULL', '\.', E'Dr. Ueda\nRadiology', E'Karin\r\nSales', E'Tab\there'])
               WHEN participant % 2 = 0 THEN pg_temp.first_name(person)
               ELSE pg_temp.first_name(person) || ' ' || pg_temp.last_name(person)
           END AS caller_name,
           CASE endpoint_type
               WHEN 'D' THEN 2000 + person || ''
               WHEN 'R' THEN 7000 + person % 40 || ''
               WHEN 'L' THEN ''
           END AS extension,
           CASE
               WHEN call_state NOT IN ('COMPLETED', 'IN PROGRESS') AND participant % 2 = 0 THEN NULL
               WHEN endpoint_type IN ('D', 'R') THEN 'U'
               WHEN endpoint_type = 'C' THEN 'R'
               ELSE endpoint_type
           END AS access_type,
           md5(tenant || endpoint_type || person) AS endpoint_hash,
           CASE
               WHEN is_direct THEN pg_temp.login((owner + 37) % 480)
               WHEN room_type = 'M' THEN pg_temp.login(owner)
               WHEN room_type = 'S' THEN (5550000000 + conference % 10000000)::text
               ELSE pg_temp.pick(conference, 'room',
                   '{all-hands,board,daily,helpdesk,projects,radiology,sales,support,training,town-hall}')
           END AS room
    OFFSET 0) AS names
-- What the endpoint reports of itself: application|version|model|operating system.
CROSS JOIN LATERAL (
    SELECT CASE endpoint_type
               WHEN 'D' THEN pg_temp.pick(person, 'desktop', ARRAY[
                   'VidyoDesktop|TAG_VD_3_6_9_014|iMac17,1|Mac OS',
                   'VidyoDesktop|TAG_VD_3_6_9_014|Latitude 7490|Win 10',
                   'VidyoDesktop|TAG_VD_3_6_12_003|MacBookPro14,3|Mac OS',
                   'VidyoDesktop|TAG_VD_3_6_12_003|ThinkPad T480s|Win 10',
                   'VidyoConnect|19.1.0.9085|Surface Pro 7|Win 10',
                   'VidyoConnect|19.1.0.9085|MacBookAir8,1|Mac OS',
                   'VidyoMobile|19.1.0.9085|iPhone12,1|iOS'])
               WHEN 'G' THEN pg_temp.pick(participant, 'guest', ARRAY[
                   'VidyoWeb|1.3.16.0021||Win 10', 'VidyoWeb|1.3.16.0021||Mac OS', 'VidyoWeb|||',
                   'VidyoMobile|19.1.0.9085|iPad7,5|iOS', 'VidyoMobile|19.1.0.9085|SM-G975F|Android'])
               WHEN 'R' THEN pg_temp.pick(person % 40, 'room system', ARRAY[
                   'VidyoRoom|TAG_VR_3_5_1_030|HD-100|Linux', 'VidyoRoom|TAG_VR_3_5_1_030|HD-230|Linux'])
               WHEN 'L' THEN pg_temp.pick(person, 'legacy', ARRAY[
                   'VidyoGateway|3.5.5.15|SX20|', 'VidyoGateway|3.5.5.15|Group 500|',
                   'VidyoGateway|3.5.5.15||'])
               WHEN 'C' THEN 'VidyoReplay|3.2.0.5||'
           END AS device,
           CASE
               WHEN endpoint_type = 'L' AND person % 2 = 0 THEN NULL
               WHEN pg_temp.dice(participant, 'has IPv6', 5) = 0
               THEN inet '2001:db8::' + (pg_temp.dice(conference, 'net', 65536) << 32)
                   + pg_temp.dice(participant, 'host', 65536)
               ELSE pg_temp.pick(participant, 'net', '{192.0.2.0,198.51.100.0,203.0.113.0}')::inet
                   + pg_temp.dice(participant, 'host', 254) + 1
           END AS address
    OFFSET 0) AS equipment
ORDER BY join_time, participant;

DROP FUNCTION pg_temp.login(bigint), pg_temp.last_name(bigint), pg_temp.first_name(bigint),
    pg_temp.pick(bigint, text, text[]), pg_temp.dice(bigint, text, bigint);
