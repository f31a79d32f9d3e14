// Keeps the extension from being dropped while its table has records.
#pragma once

namespace vidyo_cdr {

// Makes PostgreSQL ask before it drops an object; once, when the library is loaded.
void InstallDropGuard();

}  // namespace vidyo_cdr
