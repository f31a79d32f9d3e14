// The last include of every source file in src/core: stops the build when a PostgreSQL header has
// slipped in, so that this folder stays plain C++ that can be tested without a server.
#ifdef POSTGRES_H
#error "src/core must not include PostgreSQL headers"
#endif
