// Keeps the extension from being dropped together with records.
#pragma once

namespace vidyo_cdr {

// Makes PostgreSQL ask before it drops an object; once, when the library is loaded.
void InstallDropGuard();

}  // namespace vidyo_cdr
