// SPDX-License-Identifier: Apache-2.0
// Bodies and answers that only the server has: what a person signs in with, which commands there are, what was
// uploaded. Everything about facts stands in app/views.h.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/views.h"

namespace landfall {

// JSON as text: there already in an answer; not looked at yet in a request.
struct RawJson {
  std::string text;
};
template <>
struct Field<RawJson> {
  static constexpr JsonKind kKind = JsonKind::kObject;
  static void Append(std::string& out, const RawJson& v) { out += v.text; }
  static Result<RawJson> Read(JsonElement e) { return RawJson{simdjson::minify(e)}; }
  static std::string Schema(SchemaSink&) { return R"({"type":"object","additionalProperties":true})"; }
};

// What a person keeps secret, typed into a body: any text that is not absurdly long. Not a Text<>, whose rules are for
// what is recorded. It has no Append: nothing can write it anywhere.
struct Secret {
  static constexpr std::size_t kMaxBytes = 1024;
  std::string value;
};
template <>
struct Field<Secret> {
  static constexpr JsonKind kKind = JsonKind::kString;
  static Result<Secret> Read(JsonElement e) {
    LF_ASSIGN(const std::string_view text, internal::ReadString(e));
    if (text.size() > Secret::kMaxBytes) return Invalid("text.too_long");
    return Secret{std::string(text)};
  }
  static std::string Schema(SchemaSink&) { return R"({"type":"string","format":"password","maxLength":1024})"; }
};

}  // namespace landfall

namespace landfall::server {

struct LoginBody {
  static constexpr std::string_view kName = "Login";
  Secret login;  // Unchecked on purpose: a login of the wrong form gets the same answer as a wrong one.
  Secret password;
};
BOOST_DESCRIBE_STRUCT(LoginBody, (), (login, password))

struct PasswordBody {
  static constexpr std::string_view kName = "NewPassword";
  Secret password;
  std::optional<Secret> old_password;
};
BOOST_DESCRIBE_STRUCT(PasswordBody, (), (password, old_password))

struct TokenBody {
  static constexpr std::string_view kName = "NewToken";
  Text<60> label;
};
BOOST_DESCRIBE_STRUCT(TokenBody, (), (label))

// The only time that the token is shown.
struct TokenAnswer {
  static constexpr std::string_view kName = "TokenAnswer";
  std::int64_t id = 0;
  std::string token;
};
BOOST_DESCRIBE_STRUCT(TokenAnswer, (), (id, token))

struct TokenRow {
  static constexpr std::string_view kName = "TokenRow";
  std::int64_t id = 0;
  std::string label;
  Instant created_at;
  std::optional<Instant> revoked_at;
};
BOOST_DESCRIBE_STRUCT(TokenRow, (), (id, label, created_at, revoked_at))
struct TokenList {
  static constexpr std::string_view kName = "TokenList";
  std::vector<TokenRow> rows;
};
BOOST_DESCRIBE_STRUCT(TokenList, (), (rows))

struct BlobAnswer {
  static constexpr std::string_view kName = "BlobAnswer";
  Digest digest{};
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(BlobAnswer, (), (digest, bytes))

struct CommandFieldRow {
  static constexpr std::string_view kName = "CommandField";
  std::string name;
  bool required = true;
  RawJson schema;  // JSON Schema with format, x-id, x-unit, maxLength, enum; no $ref.
};
BOOST_DESCRIBE_STRUCT(CommandFieldRow, (), (name, required, schema))

enum class CommandScope : std::uint8_t { jurisdiction, unit, project, obligation, case_lead, case_step };
BOOST_DESCRIBE_ENUM(CommandScope, jurisdiction, unit, project, obligation, case_lead, case_step)

struct CommandRow {
  static constexpr std::string_view kName = "CommandRow";
  std::string name;
  std::string permission;
  CommandScope scope = CommandScope::jurisdiction;
  bool allowed = false;  // This account may send it, at least for what its unit owns.
  std::vector<CommandFieldRow> fields;
  std::vector<std::string> refusals;
};
BOOST_DESCRIBE_STRUCT(CommandRow, (), (name, permission, scope, allowed, fields, refusals))
struct CommandTable {
  static constexpr std::string_view kName = "CommandTable";
  std::vector<CommandRow> rows;
};
BOOST_DESCRIBE_STRUCT(CommandTable, (), (rows))

// Made by app::LabelsDocument from the catalogue; described here for OpenAPI.
struct Labels {
  static constexpr std::string_view kName = "Labels";
  using Map = std::map<std::string, std::string>;
  Map commands, fields, milestones, enums, events, permissions, roles, ladders, finding, errors;
};
BOOST_DESCRIBE_STRUCT(Labels, (),
                      (commands, fields, milestones, enums, events, permissions, roles, ladders, finding, errors))

// The data of a "committed" event.
struct FeedEvent {
  static constexpr std::string_view kName = "FeedEvent";
  std::int64_t seq = 0;
  std::int64_t unread = 0;
};
BOOST_DESCRIBE_STRUCT(FeedEvent, (), (seq, unread))

struct ReadBody {
  static constexpr std::string_view kName = "ReadUpTo";
  Int<0, INT64_MAX> seq;
};
BOOST_DESCRIBE_STRUCT(ReadBody, (), (seq))

// One's own calendar and mail. `address` of a calendar is shown when it is made and never again.
struct CalendarAnswer {
  static constexpr std::string_view kName = "CalendarAnswer";
  std::string path;  // "/calendar/….ics"
};
BOOST_DESCRIBE_STRUCT(CalendarAnswer, (), (path))

struct PersonalView {
  static constexpr std::string_view kName = "Personal";
  std::optional<Instant> calendar_since;
  std::optional<std::string> mail;
  bool mail_offered = false;  // This server sends mail.
};
BOOST_DESCRIBE_STRUCT(PersonalView, (), (calendar_since, mail, mail_offered))

struct MailBody {
  static constexpr std::string_view kName = "MailAddress";
  std::optional<Text<120>> address;  // Absent: no more mail.
};
BOOST_DESCRIBE_STRUCT(MailBody, (), (address))

// Many bodies of one command.
struct BulkBody {
  static constexpr std::string_view kName = "Bulk";
  List<RawJson, 500> items;
};
BOOST_DESCRIBE_STRUCT(BulkBody, (), (items))

struct LedgerHealth {
  static constexpr std::string_view kName = "LedgerHealth";
  std::string jurisdiction;
  std::int64_t entries = 0;
  bool stopped = false;             // The writer gave up after an error of the store; reads go on.
  bool follows = false;             // Another server writes; this one takes in what it stores.
  bool stale = false;               // A follower that could not look for some seconds.
  std::int64_t behind = 0;          // Entries that were seen in the store and are not taken in yet.
  std::int64_t checked_ms_ago = 0;  // Since the store was last seen to hold nothing more.
};
BOOST_DESCRIBE_STRUCT(LedgerHealth, (), (jurisdiction, entries, stopped, follows, stale, behind, checked_ms_ago))
struct Health {
  static constexpr std::string_view kName = "Health";
  bool ok = true;
  std::vector<LedgerHealth> ledgers;
};
BOOST_DESCRIBE_STRUCT(Health, (), (ok, ledgers))

}  // namespace landfall::server
