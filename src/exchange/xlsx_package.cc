// SPDX-License-Identifier: Apache-2.0
#include "exchange/xlsx_package.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace landfall::exchange {
namespace {

constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";  // [MS-CFB] §2.2
constexpr std::string_view kDirectoryEntry = "PK\x01\x02";                      // APPNOTE §4.3.12

Error Damaged(std::string_view why) { return Invalid("sheet.corrupt", std::string(why)); }

// The name of the stream that holds an encrypted document [MS-OFFCRYPTO §2.3.4.4], as UTF-16LE.
bool HoldsEncryptedPackage(std::string_view compound) {
  std::string wide;
  for (char c : std::string_view("EncryptedPackage")) wide.append({c, '\0'});
  return compound.find(wide) != std::string_view::npos;
}

// The library makes an object for each entry of the directory; this bounds them before it makes any.
std::size_t CountDirectoryEntries(std::string_view bytes, std::size_t enough) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find(kDirectoryEntry); at != std::string_view::npos && count <= enough;
       at = bytes.find(kDirectoryEntry, at + 1))
    ++count;
  return count;
}

bool IsPlainPartName(std::string_view name) {
  if (name.empty() || name.size() > 1'000 || name.front() == '/' || !IsUtf8(name)) return false;
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == ':' || c == 0x7F; }))
    return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view step = name.substr(begin, end - begin);
    const bool folder_end = step.empty() && end == name.size();
    if (step == "." || step == ".." || (step.empty() && !folder_end)) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

struct XlsxPackage::Archive {
  ~Archive() {
    if (zip != nullptr) zip_discard(zip);
  }
  zip_t* zip = nullptr;
  PackageLimits limits;
  std::uint64_t file_bytes = 0;
  std::uint64_t unpacked = 0;  // Of all parts so far.
};

namespace {

// `Archive` is private to the package; what a part needs of it is passed in.
struct Meter {
  const PackageLimits& limits;
  std::uint64_t file_bytes;
  std::uint64_t& unpacked;
};

class PartSource final : public ByteSource {
 public:
  PartSource(zip_file_t* file, Meter meter, const zip_stat_t& stat, std::string part)
      : file_(file), meter_(meter), packed_(stat.comp_size), claimed_(stat.size), part_(std::move(part)) {}
  ~PartSource() override { zip_fclose(file_); }
  PartSource(const PartSource&) = delete;
  PartSource& operator=(const PartSource&) = delete;

  Result<std::size_t> Read(std::span<char> out) override {
    const zip_int64_t count = zip_fread(file_, out.data(), out.size());
    if (count < 0) return Damaged(fmt::format("{}: {}", part_, zip_error_strerror(zip_file_get_error(file_))));
    bytes_ += static_cast<std::uint64_t>(count);
    if (bytes_ > claimed_ || (count == 0 && bytes_ < claimed_))
      return Damaged(fmt::format("{} is not as long as the directory says.", part_));
    meter_.unpacked += static_cast<std::uint64_t>(count);
    const PackageLimits& limits = meter_.limits;
    if (bytes_ > limits.part_bytes || meter_.unpacked > limits.total_bytes)
      return Invalid("sheet.unpacked_too_large", fmt::format("{}: at most {} bytes in a part and {} in all.", part_,
                                                             limits.part_bytes, limits.total_bytes));
    if (IsBeyondRatio(bytes_, packed_) || IsBeyondRatio(meter_.unpacked, meter_.file_bytes))
      return Invalid("sheet.ratio", fmt::format("{} unpacks to more than {} times its size.", part_, limits.ratio));
    return static_cast<std::size_t>(count);
  }

 private:
  bool IsBeyondRatio(std::uint64_t unpacked, std::uint64_t packed) const {
    return unpacked > meter_.limits.ratio_free_bytes && unpacked / meter_.limits.ratio > packed;
  }

  zip_file_t* file_;
  Meter meter_;
  std::uint64_t packed_, claimed_;
  std::string part_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

XlsxPackage::XlsxPackage(std::unique_ptr<Archive> archive) : archive_(std::move(archive)) {}
XlsxPackage::~XlsxPackage() = default;
XlsxPackage::XlsxPackage(XlsxPackage&&) noexcept = default;

Result<XlsxPackage> XlsxPackage::Open(std::string_view bytes, const PackageLimits& limits) {
  if (bytes.size() > limits.file_bytes)
    return Invalid("sheet.file_too_large", fmt::format("{} bytes, at most {}.", bytes.size(), limits.file_bytes));
  if (bytes.starts_with(kCompoundFile)) {
    return HoldsEncryptedPackage(bytes) ? Invalid("sheet.encrypted", "A compound file with an encrypted package.")
                                        : Invalid("sheet.old_format", "A compound file, as Excel 97 to 2003 writes.");
  }
  if (!bytes.starts_with("PK")) return Invalid("sheet.not_xlsx", "The file is no zip file.");
  if (CountDirectoryEntries(bytes, limits.parts) > limits.parts)
    return Invalid("sheet.too_many_parts", fmt::format("At most {} parts.", limits.parts));

  auto archive = std::make_unique<Archive>();
  archive->limits = limits;
  archive->file_bytes = bytes.size();
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) archive->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive->zip == nullptr) {
    if (source != nullptr) zip_source_free(source);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    return Damaged(why);
  }
  zip_error_fini(&error);
  XlsxPackage package(std::move(archive));
  LF_TRY(package.ListParts());
  return package;
}

Status XlsxPackage::ListParts() {
  const zip_int64_t count = zip_get_num_entries(archive_->zip, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const auto number = static_cast<zip_uint64_t>(i);
    const char* name = zip_get_name(archive_->zip, number, ZIP_FL_ENC_RAW);
    if (name == nullptr || !IsPlainPartName(name))
      return Invalid("sheet.bad_part_name", fmt::format("Part {} of the zip file.", i));
    if (!index_.emplace(FoldCase(name), number).second)
      return Invalid("sheet.duplicate_part", fmt::format("Part {} of the zip file.", i));
  }
  return Ok{};
}

Result<std::unique_ptr<ByteSource>> XlsxPackage::OpenPart(std::string_view part) {
  const auto found = index_.find(FoldCase(part));
  if (found == index_.end()) return Invalid("sheet.part_missing", std::string(part));
  zip_stat_t stat;
  zip_stat_init(&stat);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
  if (zip_stat_index(archive_->zip, found->second, 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded)
    return Damaged(fmt::format("{}: {}", part, zip_strerror(archive_->zip)));
  if (stat.encryption_method != ZIP_EM_NONE) return Invalid("sheet.encrypted", std::string(part));
  if (stat.size > archive_->limits.part_bytes)
    return Invalid("sheet.unpacked_too_large", fmt::format("{} claims {} bytes.", part, stat.size));
  if (stat.comp_size > archive_->file_bytes) return Damaged(fmt::format("{} claims more than the file has.", part));
  zip_file_t* file = zip_fopen_index(archive_->zip, found->second, 0);
  if (file == nullptr) return Damaged(fmt::format("{}: {}", part, zip_strerror(archive_->zip)));
  const Meter meter{archive_->limits, archive_->file_bytes, archive_->unpacked};
  return std::unique_ptr<ByteSource>(new PartSource(file, meter, stat, std::string(part)));
}

}  // namespace landfall::exchange
