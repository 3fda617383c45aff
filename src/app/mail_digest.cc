// SPDX-License-Identifier: Apache-2.0
#include "app/mail_digest.h"

namespace landfall::app {
namespace {

constexpr std::size_t kRowsOfSection = 20;

std::string Word(std::string_view key, Language language) { return std::string(LabelOf("enums", key, language)); }

}  // namespace

std::optional<MailText> ComposeDigest(const Frame& frame, AccountId account, Language language,
                                      const std::string& pages) {
  const Inbox inbox = QueryInbox(frame, account);
  MailText mail;
  mail.subject = std::string(frame.state.admin.name.Get(0)) + " " + FormatDay(frame.as_of);
  const std::pair<InboxSection, std::int64_t> sections[] = {{InboxSection::overdue, inbox.counts.overdue},
                                                            {InboxSection::today, inbox.counts.today},
                                                            {InboxSection::week, inbox.counts.week},
                                                            {InboxSection::waiting, inbox.counts.waiting}};
  bool any = false;
  for (const auto& [section, count] : sections) {
    if (count == 0) continue;
    any = true;
    const std::string head =
        Word("InboxSection." + std::string(EnumName(section)), language) + " " + std::to_string(count);
    mail.subject += " · " + head;
    mail.body += "\n" + head + "\n";
    std::size_t shown = 0;
    for (const InboxRow& row : inbox.rows) {
      if (row.section != section || ++shown > kRowsOfSection) continue;
      const ObligationRow& o = row.obligation;
      mail.body += "  " + FormatDay(o.due_on) + "  [" +
                   Word("Light." + std::string(EnumName(o.light.light)), language) + "] " +
                   (!o.text.empty() ? o.text
                    : o.id          ? o.id->ToString()
                                    : KindWord(o, language)) +
                   "\n";
      if (!pages.empty()) mail.body += "    " + pages + PageOf(o) + "\n";
    }
  }
  if (!any) return std::nullopt;
  if (!pages.empty()) mail.body += "\n" + pages + "/inbox\n";
  return mail;
}

}  // namespace landfall::app
