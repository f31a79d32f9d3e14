// What PostgreSQL looks for in a loadable module.
#include "base/guard.hpp"
#include "base/postgres.hpp"
#include "base/settings.hpp"
#include "copy/fast_copy.hpp"
#include "records/drop_guard.hpp"

extern "C" {

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void _PG_init(void) {
  VIDYO_CDR_GUARD({
    vidyo_cdr::DefineSettings();  // what can fail comes first: PostgreSQL then tries again
    vidyo_cdr::InstallDropGuard();
    vidyo_cdr::InstallFastCopy();
    return;
  });
}

}  // extern "C"
