// SPDX-License-Identifier: Apache-2.0
// The catalogue of matters in the forms in which it travels: sheets, both ways; a register of matters by a mapping
// file; and CPSV-AP 3.2 as JSON-LD. Formats: docs/formats/matters.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "approval/catalogue.h"
#include "exchange/table_import.h"

namespace landfall::app {

struct CatalogueImport {
  approval::CatalogueRows rows;
  std::uint64_t read = 0;  // Rows below the headings.
  exchange::ProblemList problems;
  bool passed() const { return problems.errors() == 0; }
};

// One sheet for each list: 部门, 问题, 材料, 事项, 一件事. Errors: those of exchange::WriteXlsx.
Result<std::string> WriteCatalogueSheets(const approval::CatalogueRows& rows, Instant at);
// Sheets and columns in any order, others passed over with a note. A heading names its member in brackets at its end:
// "法定时限（statutory）"; what stands before is for people. Problems name the row and the heading. Errors: those of
// exchange::ReadXlsx; approval.no_catalogue_sheet where there is none of ours.
Result<CatalogueImport> ReadCatalogueSheets(std::string_view xlsx);

// A register of matters as a place keeps it, read through a mapping file (docs/formats/mapping.md; targets
// {"matter": MEMBER}, members of docs/formats/matters.md spelled as in a sheet, and {"matter": "department_name"}). A
// department that is named becomes a row with an id made from its name; a matter without an id gets one from its code:
// its part before the division's number, in small letters. `file` is CSV, or .xlsx when its name ends so.
// Errors: those of exchange::ReadMapping, ReadTable, ReadXlsx.
Result<CatalogueImport> ReadMatterRegister(std::string_view file, bool xlsx, std::string_view mapping);

// Files of at most 1 MiB as Catalogue::Load reads them, by name.
struct NamedText {
  std::string name, text;
};
std::vector<NamedText> CatalogueFiles(const approval::CatalogueRows& rows);

// Public services, authorities, evidence, outputs, channels, costs, legal resources and events, after CPSV-AP 3.2
// (SEMIC, 2024), of the versions in force on a day. `base` begins every address ("https://example.gov.cn/id/"). A limit
// in working days has no ISO 8601 form, so it stands as a description beside the calendar days it takes at least.
std::string WriteCpsv(const approval::Catalogue& catalogue, Day on, std::string_view base);

}  // namespace landfall::app
