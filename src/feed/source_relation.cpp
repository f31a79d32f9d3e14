// Looking at the columns of a feed's relation.
#include "feed/source_relation.hpp"

#include "core/csv/header.hpp"
#include "import/record.hpp"

namespace vidyo_cdr {

namespace {

// The columns of a relation that is open, and of each which column of ConferenceCall2 it is.
struct SourceColumns {
  Form_pg_attribute attributes[kMaxCsvFields];
  int columns[kMaxCsvFields];  // or kUnknownColumn
  int count;
  ColumnSet given;
};

// Raises 42701 or 42703 when a column comes twice or a required one is missing.
void CheckColumns(Relation relation, const CsvHeader &header) {
  if (header.twice != 0) {
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
                    errmsg("relation \"%s\" has duplicate columns in different spellings: %s",
                           RelationGetRelationName(relation), ColumnList(header.twice)),
                    errhint("Use a view that has each column once.")));
  }
  if (header.missing != 0) {
    ereport(ERROR,
            (errcode(ERRCODE_UNDEFINED_COLUMN),
             errmsg("relation \"%s\" is missing required columns: %s",
                    RelationGetRelationName(relation), ColumnList(header.missing)),
             errhint("sync_cdr requires the portal's column names, in upper or lower case.")));
  }
}

// Finds the columns by their names, as those of a file are found.
SourceColumns *FindColumns(Relation relation) {
  auto *found = static_cast<SourceColumns *>(palloc0(sizeof(SourceColumns)));
  CsvField fields[kMaxCsvFields];
  const TupleDesc columns = RelationGetDescr(relation);
  for (int i = 0; i < columns->natts && found->count < kMaxCsvFields; i++) {
    const Form_pg_attribute column = TupleDescAttr(columns, i);
    if (!column->attisdropped) {
      fields[found->count] = {NameStr(column->attname), false};
      found->attributes[found->count++] = column;
    }
  }
  const CsvHeader header = MapCsvHeader(fields, found->count, found->columns);
  CheckColumns(relation, header);
  found->given = header.given;
  return found;
}

// Opens a relation that has rows.
Relation OpenSource(Oid source) {
  // A regclass can be a number that no relation has, or that of one dropped meanwhile.
  Relation relation = try_relation_open(source, AccessShareLock);
  if (relation == nullptr) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                    errmsg("relation with OID %u does not exist", source),
                    errhint("Specify an existing foreign table, view or table.")));
  }
  if (strchr("rpvmf", relation->rd_rel->relkind) == nullptr) {
    ereport(
        ERROR,
        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
         errmsg("\"%s\" is not a table or view", RelationGetRelationName(relation)),
         errhint("sync_cdr reads a foreign table, a view or a table with the portal's columns.")));
  }
  return relation;
}

// CallIDs are compared with numbers, at the portal too.
void CheckCallIdType(Relation relation, Form_pg_attribute column) {
  const Oid type = column->atttypid;
  if (type != INT2OID && type != INT4OID && type != INT8OID) {
    ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                    errmsg("column \"%s\" of relation \"%s\" has type %s", NameStr(column->attname),
                           RelationGetRelationName(relation), format_type_be(type)),
                    errhint("Its type must be integer or bigint.")));
  }
}

// Makes the query's list of fields, and the header that stands for it, of the columns.
void ListFields(Relation relation, SourceRelation *source) {
  const SourceColumns *found = FindColumns(relation);
  source->columns = found->given;
  StringInfoData names;
  StringInfoData header;
  initStringInfo(&names);
  initStringInfo(&header);
  for (int i = 0; i < found->count; i++) {
    const int column = found->columns[i];
    if (column == kUnknownColumn) {
      continue;
    }
    const Form_pg_attribute attribute = found->attributes[i];
    const char *name = pstrdup(quote_identifier(NameStr(attribute->attname)));
    if (column == kCallID) {
      CheckCallIdType(relation, attribute);
      source->call_id_name = name;
    }
    const bool is_first = source->field_count == 0;
    appendStringInfo(&names, "%s%s", is_first ? "" : ", ", name);
    appendStringInfo(&header, "%s%s", is_first ? "" : ",", kColumns[column].name.data());
    Assert(source->field_count < kRecordColumnCount);  // no column comes twice
    source->fields[source->field_count++] = static_cast<RecordColumn>(column);
  }
  source->field_names = names.data;
  source->header = {header.data, static_cast<size_t>(header.len)};
}

}  // namespace

SourceRelation FindSourceRelation(Oid oid) {
  Relation relation = OpenSource(oid);
  SourceRelation source = {};
  source.schema = get_namespace_name(RelationGetNamespace(relation));
  source.name = pstrdup(RelationGetRelationName(relation));
  source.quoted_name = quote_qualified_identifier(source.schema, source.name);
  ListFields(relation, &source);
  relation_close(relation, NoLock);
  return source;
}

}  // namespace vidyo_cdr
