-- Stops psql from running the versioned script by hand.
\echo Use "CREATE EXTENSION vidyo_cdr" to load this file. \quit

