// SPDX-License-Identifier: Apache-2.0
#include "app/case_document.h"

#include <fmt/format.h>

#include "app/engine.h"
#include "app/labels.h"
#include "exchange/pdf.h"
#include "exchange/qr.h"

namespace landfall::app {
namespace {

using exchange::kA4Height;
using exchange::kA4Width;
using exchange::PdfFont;
using exchange::PdfWriter;

// Every word of the paper stands in both languages.
struct Word {
  std::string_view zh, en;
};
constexpr Word kTitle{"办件结果电子送达单", "Result of a case, delivered electronically"};
constexpr Word kJurisdiction{"地区", "Jurisdiction"}, kLedger{"账本", "Ledger"}, kNumber{"办件编号", "Case"},
    kPackage{"一件事", "Package"}, kApplicant{"申请人", "Applicant"}, kProject{"项目", "Project"},
    kWindow{"牵头单位", "Window"}, kApplied{"申请", "Applied"}, kAccepted{"受理", "Accepted"},
    kDecided{"办结", "Decided"}, kDelivered{"送达", "Delivered"}, kResult{"结果", "Result"};
constexpr Word kMatters{"事项与决定", "Matters and decisions"}, kMatter{"事项", "Matter"},
    kDepartment{"主管单位", "Department"}, kDecision{"决定", "Decision"}, kDay{"日期", "Day"},
    kMade{"产出", "Outcomes"};
constexpr Word kUntil{"有效期至", "valid until"};
constexpr Word kValidity{"有效期按事项定义的天数从决定之日的次日起算；没有写明的，以证照本身所载为准。",
                         "Validity is counted in days from the day after the decision, as the matter is defined; where "
                         "none is stated, it stands on the outcome itself."};
constexpr Word kEvidence{"凭据", "Evidence"}, kRecord{"送达记录", "Record of delivery"}, kLeaf{"记录摘要", "Leaf hash"},
    kKey{"账本公钥", "Ledger's key"}, kSeal{"封签证书", "Seal, SHA-256"}, kMadeAt{"制作时间", "Made at"};
constexpr Word kScan{"扫码核对", "Scan to verify"};
constexpr Word kProves{"这份文件证明什么", "What this paper proves"};
constexpr Word kProof{
    "附件 {0} 证明：第 {1} 号记录（本办件以电子方式送达）已写入账本 "
    "{2}，由账本密钥签名；记录若有改动，证明就不再成立。封签（PDF "
    "的数字签名）表明：本文件由该账本的服务制作，制作后未被改动；附件 seal.note "
    "用账本自己的密钥写明封签证书。正文其余内容取自同一账本，"
    "以账本记录为准。",
    "The attached {0} proves that record {1}, the electronic delivery of this case, stands in the ledger {2} under its "
    "signature; a changed record no longer fits the proof. The seal (the digital signature of the PDF) says that a "
    "server of this "
    "ledger made the file and that it is unchanged since; the attached seal.note names the seal's certificate under "
    "the ledger's "
    "own key. All else printed here is taken from that ledger, whose records decide."};
constexpr Word kCheck{
    "核对办法：一、扫二维码打开核对页，把本 PDF "
    "拖进去，填入从可信来源取得的账本公钥（文件不会上传）。二、离线：landfall verify proof "
    "本文件 --vkey 公钥。三、用 PDF 阅读器查看签名，对照证书指纹。",
    "To check it: 1. open the page of the QR code, drop this PDF on it and give the ledger's key from a source you "
    "trust (the "
    "file is not sent anywhere). 2. Offline: landfall verify proof FILE --vkey KEY. 3. Look at the signature in a PDF "
    "reader and "
    "compare the certificate's fingerprint."};
constexpr Word kNoSeal{
    "封签是账本服务的技术签名，不是电子印章，也没有经过电子认证机构认证。",
    "The seal is a technical signature of the ledger's server. It is no qualified electronic seal: no "
    "authority has certified it."};
constexpr Word kErased{"（已删除）", "(erased)"}, kNone{"未登记", "not registered"}, kNoDay{"–", "-"};

std::string Both(const Word& word) { return fmt::format("{} {}", word.zh, word.en); }
std::string BothLabels(std::string_view key) {
  return fmt::format("{} {}", LabelOf("enums", key, Language::kZh), LabelOf("enums", key, Language::kEn));
}
std::string OrErased(const std::string& text) { return text.empty() ? Both(kErased) : text; }
std::string DayText(const std::optional<Day>& day) { return day ? FormatDay(*day) : std::string(kNoDay.en); }

// ---- from the state ----

struct DeliverRecord {
  std::uint64_t seq = 0;
  Digest leaf{};
  Instant at;
};
Result<DeliverRecord> FindDeliverRecord(Engine& engine, const std::string& subject) {
  for (const std::uint64_t seq : engine.history().Find(subject, 0, SIZE_MAX)) {
    LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
    ledger::Leaf leaf;
    if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
    for (const ledger::LeafEvent& event : leaf.events)
      if (event.type == cases::CaseDelivered::kInfo.type && event.on == subject)
        return DeliverRecord{seq, ledger::LeafHash(record.leaf), leaf.at};
  }
  return Corrupt("ledger.corrupt", subject + " is delivered without a record");
}

// ---- the address ----

// It becomes a link in a sealed paper.
Status CheckOrigin(std::string_view origin) {
  std::string_view host = origin;
  for (const std::string_view scheme : {"https://", "http://"})
    if (host.starts_with(scheme)) host.remove_prefix(scheme.size());
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == ':' || c == '[' || c == ']' || c == '/' || c == '_' || c == '~';
  });
  if (host.empty() || host == origin || !plain || host.ends_with('/'))
    return Invalid("document.bad_address", {}, "origin");
  return Ok{};
}

// RFC 3986 §2.1: a ledger's code may have any printable sign.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// ---- the pages ----

constexpr double kLeft = 51, kRight = kA4Width - 51, kTop = 56, kBottom = kA4Height - 62, kFoot = kA4Height - 40;
constexpr double kSize = 9.5, kSmall = 7.5, kLead = 14, kGrey = 0.4;
constexpr double kQrSide = 112, kQrLeft = kRight - kQrSide, kLabelWidth = 118;

class Sheet {
 public:
  explicit Sheet(PdfWriter& pdf) : pdf_(pdf) { NewPage(); }

  double y() const { return y_; }
  void Skip(double points) { y_ += points; }
  // Moves on to the next line, on a new page where none is left.
  void Advance(double lead) {
    y_ += lead;
    if (y_ > kBottom) NewPage();
  }
  void Need(double points) {
    if (y_ + points > kBottom) NewPage();
  }

  void Heading(const Word& word) {
    Need(3 * kLead);
    Advance(1.7 * kLead);
    pdf_.Text(kLeft, y_, 12, word.zh);
    pdf_.Text(kLeft + exchange::PdfWidth(word.zh, 12, PdfFont::kText) + 6, y_, kSize, word.en, PdfFont::kText, kGrey);
    pdf_.Line(kLeft, y_ + 5, kRight, y_ + 5, 0.5, kGrey);
    Skip(5);
  }
  // A label in both languages, and its value up to `right`.
  void Row(const Word& label, std::string_view value, double right, PdfFont font = PdfFont::kText) {
    const double size = font == PdfFont::kCode ? 8 : kSize;
    bool first = true;
    for (const std::string& line : exchange::WrapForPdf(value, size, right - kLeft - kLabelWidth, font)) {
      Advance(kLead);
      if (std::exchange(first, false)) {
        pdf_.Text(kLeft, y_, kSize, label.zh);
        pdf_.Text(kLeft + exchange::PdfWidth(label.zh, kSize, PdfFont::kText) + 4, y_, kSmall, label.en, PdfFont::kText,
                  kGrey);
      }
      pdf_.Text(kLeft + kLabelWidth, y_, size, line, font);
    }
  }
  void Paragraph(std::string_view text, double size, double grey = 0) {
    for (const std::string& line : exchange::WrapForPdf(text, size, kRight - kLeft, PdfFont::kText)) {
      Advance(size * 1.45);
      pdf_.Text(kLeft, y_, size, line, PdfFont::kText, grey);
    }
    Skip(3);
  }
  // Cells beside each other, line by line, so that a row of any height goes over pages.
  void Cells(std::span<const double> columns, const std::vector<std::string>& cells, double size, double grey = 0) {
    std::vector<std::vector<std::string>> lines;
    std::size_t height = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double width = (i + 1 < columns.size() ? columns[i + 1] : kRight) - columns[i] - 6;
      height = std::max(height, lines.emplace_back(exchange::WrapForPdf(cells[i], size, width, PdfFont::kText)).size());
    }
    Skip(3);
    for (std::size_t line = 0; line < height; ++line) {
      Advance(size * 1.35);
      for (std::size_t i = 0; i < cells.size(); ++i)
        if (line < lines[i].size()) pdf_.Text(columns[i], y_, size, lines[i][line], PdfFont::kText, grey);
    }
    Skip(4);
    pdf_.Line(kLeft, y_, kRight, y_, 0.3, 0.75);
  }
  void Feet(const std::string& text) {
    for (std::size_t page = 0; page < pdf_.pages(); ++page) {
      pdf_.ReturnTo(page);
      const std::string foot = fmt::format("{}   {} / {}", text, page + 1, pdf_.pages());
      pdf_.Text(kLeft, kFoot, kSmall, foot, PdfFont::kText, kGrey);
    }
  }

 private:
  void NewPage() {
    pdf_.BeginPage();
    y_ = kTop;
  }
  PdfWriter& pdf_;
  double y_ = kTop;
};

void DrawQr(PdfWriter& pdf, const exchange::QrCode& code, double left, double top) {
  const double module = kQrSide / (code.side + 2 * exchange::kQrQuiet);
  for (int y = 0; y < code.side; ++y) {
    for (int x = 0; x < code.side;) {
      int run = 0;
      while (x + run < code.side && code.Dark(x + run, y)) ++run;
      // One rectangle a run: readers leave hair lines between squares.
      if (run > 0)
        pdf.Square(left + (x + exchange::kQrQuiet) * module, top + (y + exchange::kQrQuiet) * module, run * module,
                   module);
      x += run + 1;
    }
  }
  pdf.Text(left + exchange::kQrQuiet * module, top + kQrSide + 8, kSmall, Both(kScan), PdfFont::kText, kGrey);
}

struct Facts {
  const DeliveredCase& delivered;
  const DeliverRecord& record;
  std::string origin, vkey, proof_name;
  Digest seal{};
  Instant now;
};

void DrawCase(Sheet& sheet, const Facts& facts) {
  const CasePage& page = facts.delivered.page;
  const CaseListRow& file = page.file;
  const double right = kQrLeft - 8;
  sheet.Row(kJurisdiction, fmt::format("{} ({})", OrErased(facts.delivered.jurisdiction), facts.delivered.code), right);
  sheet.Row(kLedger, facts.origin, right);
  sheet.Row(kNumber, file.id.ToString(), right);
  sheet.Row(kPackage, fmt::format("{} ({}, v{})", OrErased(file.name), file.package, file.version), right);
  sheet.Row(kApplicant, file.enterprise ? OrErased(file.enterprise->name) : Both(kNone), right);
  if (file.project) sheet.Row(kProject, OrErased(file.project->name), right);
  sheet.Row(kWindow, OrErased(file.owner_unit.name), right);
  sheet.Row(kResult, BothLabels("CaseState." + std::string(EnumName(file.state))), right);
  sheet.Row(kApplied, FormatDay(file.applied_on), right);
  sheet.Row(kAccepted, DayText(file.accepted_on), right);
  sheet.Row(kDecided, DayText(file.closed_on), right);
  sheet.Row(kDelivered, fmt::format("{}  {}", DayText(file.delivered_on), BothLabels("Delivery.electronic")), right);
}

void DrawMatters(Sheet& sheet, const Facts& facts) {
  constexpr double kColumns[] = {kLeft, kLeft + 18, kLeft + 172, kLeft + 268, kLeft + 340, kLeft + 400};
  sheet.Heading(kMatters);
  sheet.Cells(kColumns, {"", Both(kMatter), Both(kDepartment), Both(kDecision), Both(kDay), Both(kMade)}, kSmall,
              kGrey);
  bool made_any = false;
  for (const CaseStepView& step : facts.delivered.page.steps) {
    std::string made;
    for (const OutcomeView& outcome : step.outcomes) {
      made += (made.empty() ? "" : "\n") + outcome.name;
      if (outcome.valid_until) made += fmt::format("\n{} {}", Both(kUntil), FormatDay(*outcome.valid_until));
    }
    made_any = made_any || !made.empty();
    sheet.Cells(kColumns,
                {std::to_string(step.step), fmt::format("{} ({}, v{})", OrErased(step.name), step.matter, step.version),
                 OrErased(step.owner_unit.name), BothLabels("StepState." + std::string(EnumName(step.state))),
                 DayText(step.decided_on), made.empty() ? std::string(kNoDay.en) : made},
                8.5);
  }
  if (made_any) sheet.Paragraph(Both(kValidity), kSmall, kGrey);
}

void DrawEvidence(Sheet& sheet, const Facts& facts) {
  sheet.Heading(kEvidence);
  std::string at;
  AppendInstant(at, facts.record.at);
  sheet.Row(kRecord, fmt::format("{}   {}", facts.record.seq, at), kRight);
  sheet.Row(kLeaf, Hex(facts.record.leaf), kRight, PdfFont::kCode);
  sheet.Row(kKey, facts.vkey, kRight, PdfFont::kCode);
  sheet.Row(kSeal, Hex(facts.seal), kRight, PdfFont::kCode);
  std::string made_at;
  AppendInstant(made_at, facts.now);
  sheet.Row(kMadeAt, made_at.substr(0, made_at.find('.')) + "Z", kRight);  // To the second, as it was signed.
  sheet.Heading(kProves);
  for (const std::string_view text : {kProof.zh, kProof.en})
    sheet.Paragraph(fmt::format(fmt::runtime(text), facts.proof_name, facts.record.seq, facts.origin),
                    text == kProof.zh ? 9 : 8, text == kProof.zh ? 0 : kGrey);
  sheet.Paragraph(kCheck.zh, 9);
  sheet.Paragraph(kCheck.en, 8, kGrey);
  sheet.Paragraph(kNoSeal.zh, 9);
  sheet.Paragraph(kNoSeal.en, 8, kGrey);
}

void Draw(PdfWriter& pdf, const Facts& facts, const exchange::QrCode& qr) {
  Sheet sheet(pdf);
  sheet.Skip(8);
  pdf.Text(kLeft, sheet.y(), 18, kTitle.zh);
  sheet.Skip(17);
  pdf.Text(kLeft, sheet.y(), 10, kTitle.en, PdfFont::kText, kGrey);
  sheet.Skip(10);
  pdf.Line(kLeft, sheet.y(), kRight, sheet.y(), 0.8);
  const double top = sheet.y() + 6;
  sheet.Skip(6);
  DrawQr(pdf, qr, kQrLeft, top);
  DrawCase(sheet, facts);
  if (pdf.pages() == 1 && sheet.y() < top + kQrSide + 10) sheet.Skip(top + kQrSide + 10 - sheet.y());
  DrawMatters(sheet, facts);
  DrawEvidence(sheet, facts);
  sheet.Feet(fmt::format("{} · {} · {} {}", facts.origin, facts.delivered.page.file.id.ToString(), Both(kRecord),
                         facts.record.seq));
}

}  // namespace

Result<DeliveredCase> ReadDeliveredCase(const Frame& frame, cases::CaseId id) {
  DeliveredCase out;
  LF_ASSIGN(out.page, QueryCase(frame, id));
  if (!out.page.delivery) return Conflict("document.not_delivered", id.ToString(), "id");
  if (*out.page.delivery != cases::Delivery::electronic)
    return Conflict("document.other_delivery", std::string(EnumName(*out.page.delivery)), "id");
  out.jurisdiction = std::string(frame.state.admin.name.Get(0));
  out.code = frame.state.admin.jurisdiction;
  return out;
}

Result<CaseDocument> MakeCaseDocument(Engine& engine, const DeliveredCase& delivered, const DocumentOptions& options) {
  const cases::CaseId id = delivered.page.file.id;
  LF_TRY(CheckOrigin(options.origin));
  LF_ASSIGN(const DeliverRecord record, FindDeliverRecord(engine, id.Subject()));
  LF_ASSIGN(const exchange::QrCode qr,
            exchange::MakeQrCode(
                fmt::format("{}/verify.html?ledger={}&seq={}", options.origin, Escaped(delivered.code), record.seq)));
  const Instant now = std::chrono::floor<std::chrono::seconds>(engine.clock().Now());
  LF_ASSIGN(const Seal seal, Seal::Open(engine.files(), now, engine.random(), options.seal));
  constexpr std::string_view kOpened[] = {cases::CaseDelivered::kInfo.type};
  LF_ASSIGN(RecordProof proof, MakeRecordProof(engine.files(), record.seq, {EventClass::kInternal}, kOpened));

  const std::string& origin = engine.verifier().name();
  const Facts facts{
      delivered,          record, origin, engine.verifier().Encode(), fmt::format("entry-{}.tlog-proof", record.seq),
      seal.fingerprint(), now};
  PdfWriter pdf(fmt::format("{} {} {}", kTitle.zh, delivered.code, id.ToString()), "zh-CN", now);
  Draw(pdf, facts, qr);
  pdf.Attach(
      {facts.proof_name, "text/plain", "C2SP tlog-proof: landfall verify proof, verify.html", std::move(proof.text)});
  pdf.Attach(
      {"seal.note", "text/plain", "C2SP signed note: the seal's certificate under the ledger's key", seal.note()});
  pdf.Attach({"seal.crt", "application/x-pem-file", "The seal's certificate", seal.certificate()});
  const std::size_t bytes = seal.SignatureBytes(now);
  exchange::UnsignedPdf unsigned_pdf =
      std::move(pdf).Finish({origin, fmt::format("{} {}", id.ToString(), kDelivered.en), now, bytes});
  const std::string der = seal.Sign(unsigned_pdf.Signed(), now, bytes);
  return CaseDocument{std::move(unsigned_pdf).With(der), record.seq, proof.cosigned, seal.fingerprint()};
}

}  // namespace landfall::app
