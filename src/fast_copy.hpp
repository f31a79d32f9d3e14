// COPY (SELECT ... FROM export_cdr(...)) TO ... WITH (FORMAT csv) through the C++ writer.
#pragma once

namespace vidyo_cdr {

// Makes PostgreSQL's COPY use the writer where it can; once, when the library is loaded.
void InstallFastCopy();

}  // namespace vidyo_cdr
