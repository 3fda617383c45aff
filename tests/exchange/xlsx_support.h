// SPDX-License-Identifier: Apache-2.0
// Workbooks made by hand for the tests: XML parts in, the bytes of an .xlsx out.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

#include "exchange/xlsx_read.h"

namespace landfall::exchange::test {

struct Part {
  std::string name, content;
  bool stored = false;
  std::string password = {};
};

inline std::string Zip(const std::vector<Part>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  LF_CHECK(zip != nullptr);
  for (const Part& part : parts) {
    zip_source_t* source = zip_source_buffer(zip, part.content.data(), part.content.size(), 0);
    const zip_int64_t index = zip_file_add(zip, part.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    LF_CHECK(index >= 0);
    const auto number = static_cast<zip_uint64_t>(index);
    if (part.stored) zip_set_file_compression(zip, number, ZIP_CM_STORE, 0);
    if (!part.password.empty())
      LF_CHECK(zip_file_set_encryption(zip, number, ZIP_EM_TRAD_PKWARE, part.password.c_str()) == 0);
  }
  zip_source_keep(target);
  LF_CHECK(zip_close(zip) == 0 && zip_source_open(target) == 0);
  zip_stat_t stat;
  zip_source_stat(target, &stat);
  std::string bytes(stat.size, '\0');
  LF_CHECK(zip_source_read(target, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view kPackage = "http://schemas.openxmlformats.org/package/2006/relationships";

// The pieces of a workbook; `sheets` are name, attributes of the tab, and the inside of <worksheet>.
struct HandMade {
  struct Tab {
    std::string name, attributes, inside;
  };
  std::vector<Tab> sheets;
  std::string shared = {};          // The inside of <sst>.
  std::string styles = {};          // The inside of <styleSheet>.
  std::string workbook_extra = {};  // Before <sheets>.
  std::vector<Part> more = {};
};

inline std::vector<Part> PartsOf(const HandMade& book) {
  std::string tabs, relations;
  std::vector<Part> parts;
  for (std::size_t i = 0; i < book.sheets.size(); ++i) {
    const auto& sheet = book.sheets[i];
    tabs +=
        fmt::format(R"(<sheet name="{}" sheetId="{}" {} r:id="rId{}"/>)", sheet.name, i + 1, sheet.attributes, i + 1);
    relations += fmt::format(R"(<Relationship Id="rId{}" Type="{}/worksheet" Target="worksheets/sheet{}.xml"/>)", i + 1,
                             kOffice, i + 1);
    parts.push_back({fmt::format("xl/worksheets/sheet{}.xml", i + 1),
                     fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{}">{}</worksheet>)", kMain,
                                 sheet.inside)});
  }
  if (!book.shared.empty()) {
    relations +=
        fmt::format(R"(<Relationship Id="rIdS" Type="{}/sharedStrings" Target="/xl/sharedStrings.xml"/>)", kOffice);
    parts.push_back({"xl/sharedStrings.xml", fmt::format(R"(<sst xmlns="{}">{}</sst>)", kMain, book.shared)});
  }
  if (!book.styles.empty()) {
    relations += fmt::format(R"(<Relationship Id="rIdT" Type="{}/styles" Target="styles.xml"/>)", kOffice);
    parts.push_back({"xl/styles.xml", fmt::format(R"(<styleSheet xmlns="{}">{}</styleSheet>)", kMain, book.styles)});
  }
  parts.push_back(
      {"xl/workbook.xml", fmt::format(R"(<workbook xmlns="{}" xmlns:r="{}">{}<sheets>{}</sheets></workbook>)", kMain,
                                      kOffice, book.workbook_extra, tabs)});
  parts.push_back({"xl/_rels/workbook.xml.rels",
                   fmt::format(R"(<Relationships xmlns="{}">{}</Relationships>)", kPackage, relations)});
  parts.push_back(
      {"_rels/.rels", fmt::format(R"(<Relationships xmlns="{}"><Relationship Id="rId1" Type="{}/officeDocument" )"
                                  R"(Target="xl/workbook.xml"/></Relationships>)",
                                  kPackage, kOffice)});
  for (const Part& part : book.more) parts.push_back(part);
  return parts;
}

inline std::string Xlsx(const HandMade& book) { return Zip(PartsOf(book)); }

// One sheet with these rows.
inline std::string OneSheet(std::string_view rows) {
  return Xlsx({.sheets = {{"Sheet1", "", fmt::format("<sheetData>{}</sheetData>", rows)}}});
}

inline std::string CodeOf(std::string_view bytes, const SheetLimits& limits = {}) {
  auto book = ReadXlsx(bytes, limits);
  return book ? "ok" : book.error().code;
}

}  // namespace landfall::exchange::test
