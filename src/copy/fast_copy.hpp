// COPY (SELECT ... FROM export_cdr(...)) TO ...: the exports run before COPY has begun to write,
// and in FORMAT csv the rows go through the C++ writer.
#pragma once

namespace vidyo_cdr {

// Puts both into PostgreSQL's COPY; once, when the library is loaded.
void InstallFastCopy();

}  // namespace vidyo_cdr
