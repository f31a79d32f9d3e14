-- From version 1.1: the holes that attack and use have found.
\echo Use "ALTER EXTENSION vidyo_cdr UPDATE TO '1.2'" to load this file. \quit
