// SPDX-License-Identifier: Apache-2.0
#include "rules/regex.h"

#include <algorithm>
#include <memory>

namespace landfall::rules {
namespace {

constexpr std::size_t kPatternMost = 4096;
constexpr std::size_t kInstructionsMost = 5000;
constexpr std::size_t kEmitsMost = 50'000;
constexpr int kRepeatMost = 1000;
constexpr int kNestingMost = 200;
constexpr std::uint32_t kLastPoint = 0x10ffff;

using Ranges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Ranges Normal(Ranges in) {
  std::sort(in.begin(), in.end());
  Ranges out;
  for (const auto& range : in) {
    if (!out.empty() && range.first <= out.back().second + 1)
      out.back().second = std::max(out.back().second, range.second);
    else
      out.push_back(range);
  }
  return out;
}

Ranges Inverse(const Ranges& in) {
  Ranges out;
  std::uint32_t next = 0;
  for (const auto& [low, high] : in) {
    if (low > next) out.emplace_back(next, low - 1);
    next = high + 1;
  }
  if (next <= kLastPoint) out.emplace_back(next, kLastPoint);
  return out;
}

struct NamedClass {
  std::string_view name;
  Ranges ranges;
};
// Perl's and POSIX's classes are ASCII in RE2; scripts follow Unicode 15 Scripts.txt.
const std::vector<NamedClass>& Classes() {
  static const std::vector<NamedClass> kClasses = {
      {"d", {{'0', '9'}}},
      {"w", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
      {"s", {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}},
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
      {"ascii", {{0, 0x7f}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}},
      {"cntrl", {{0, 0x1f}, {0x7f, 0x7f}}},
      {"digit", {{'0', '9'}}},
      {"graph", {{'!', '~'}}},
      {"lower", {{'a', 'z'}}},
      {"print", {{' ', '~'}}},
      {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}},
      {"upper", {{'A', 'Z'}}},
      {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
      {"Han", {{0x2e80, 0x2e99},   {0x2e9b, 0x2ef3},   {0x2f00, 0x2fd5},   {0x3005, 0x3005},   {0x3007, 0x3007},
               {0x3021, 0x3029},   {0x3038, 0x303b},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xf900, 0xfa6d},
               {0xfa70, 0xfad9},   {0x16fe2, 0x16fe3}, {0x16ff0, 0x16ff1}, {0x20000, 0x2a6df}, {0x2a700, 0x2b739},
               {0x2b740, 0x2b81d}, {0x2b820, 0x2cea1}, {0x2ceb0, 0x2ebe0}, {0x2f800, 0x2fa1d}, {0x30000, 0x3134a},
               {0x31350, 0x323af}}},
      {"Latin", {{'A', 'Z'},         {'a', 'z'},         {0xaa, 0xaa},       {0xba, 0xba},      {0xc0, 0xd6},
                 {0xd8, 0xf6},       {0xf8, 0x2b8},      {0x2e0, 0x2e4},     {0x1d00, 0x1d25},  {0x1d2c, 0x1d5c},
                 {0x1d62, 0x1d65},   {0x1d6b, 0x1d77},   {0x1d79, 0x1dbe},   {0x1e00, 0x1eff},  {0x2071, 0x2071},
                 {0x207f, 0x207f},   {0x2090, 0x209c},   {0x212a, 0x212b},   {0x2132, 0x2132},  {0x214e, 0x214e},
                 {0x2160, 0x2188},   {0x2c60, 0x2c7f},   {0xa722, 0xa787},   {0xa78b, 0xa7ca},  {0xa7d0, 0xa7d1},
                 {0xa7d3, 0xa7d3},   {0xa7d5, 0xa7d9},   {0xa7f2, 0xa7ff},   {0xab30, 0xab5a},  {0xab5c, 0xab64},
                 {0xab66, 0xab69},   {0xfb00, 0xfb06},   {0xff21, 0xff3a},   {0xff41, 0xff5a},  {0x10780, 0x10785},
                 {0x10787, 0x107b0}, {0x107b2, 0x107ba}, {0x1df00, 0x1df1e}, {0x1df25, 0x1df2a}}},
  };
  return kClasses;
}
const Ranges* FindClass(std::string_view name) {
  for (const NamedClass& known : Classes())
    if (known.name == name) return &known.ranges;
  return nullptr;
}

Ranges FoldAscii(Ranges in) {
  const std::size_t size = in.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (const auto& [from, shift] : {std::pair<std::uint32_t, int>{'a', -32}, {'A', 32}}) {
      const std::uint32_t low = std::max(in[i].first, from);
      const std::uint32_t high = std::min(in[i].second, from + 25);
      if (low <= high)
        in.emplace_back(low + static_cast<std::uint32_t>(shift), high + static_cast<std::uint32_t>(shift));
    }
  }
  return Normal(std::move(in));
}

}  // namespace

bool Regex::In(const Set& set, std::uint32_t point) {
  if (set.size() == 1) return point >= set[0].first && point <= set[0].second;
  const auto next = std::upper_bound(set.begin(), set.end(), point,
                                     [](std::uint32_t p, const auto& range) { return p < range.first; });
  return next != set.begin() && point <= std::prev(next)->second;
}

// Parses the pattern into a small tree and writes the automaton.
class RegexCompiler {
 public:
  explicit RegexCompiler(std::string_view pattern) : pattern_(pattern) {}

  std::optional<Regex> Run() {
    if (pattern_.size() > kPatternMost || !ValidUtf8(pattern_)) return std::nullopt;
    Flags flags;
    const int root = Alternatives(flags, 0);
    if (root < 0 || at_ != pattern_.size() || !Emit(root) || !Add(Regex::Step::kMatch)) return std::nullopt;
    return std::move(out_);
  }

 private:
  enum class Form : std::uint8_t { kEmpty, kSet, kAssert, kJoin, kEither, kRepeat };
  struct Part {
    Form form = Form::kEmpty;
    Regex::Step assertion = Regex::Step::kTextStart;
    int low = 0, high = 0;  // kRepeat; high −1 is no limit
    std::uint32_t set = 0;
    std::vector<int> kids;
  };
  struct Flags {
    bool fold = false, dot_all = false, lines = false;
  };

  bool More() const { return at_ < pattern_.size(); }
  char Peek(std::size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }
  bool Take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  int New(Part part) {
    parts_.push_back(std::move(part));
    return static_cast<int>(parts_.size()) - 1;
  }
  int NewSet(Ranges ranges, const Flags& flags) {
    if (flags.fold) ranges = FoldAscii(std::move(ranges));
    out_.sets_.push_back(Normal(std::move(ranges)));
    Part part;
    part.form = Form::kSet;
    part.set = static_cast<std::uint32_t>(out_.sets_.size()) - 1;
    return New(std::move(part));
  }
  int NewAssert(Regex::Step step) {
    Part part;
    part.form = Form::kAssert;
    part.assertion = step;
    return New(std::move(part));
  }

  // Each of these answers the number of a part, or −1.
  int Alternatives(Flags& flags, int depth) {
    if (depth > kNestingMost) return -1;
    Part either;
    either.form = Form::kEither;
    do {
      const int one = Sequence(flags, depth);
      if (one < 0) return -1;
      either.kids.push_back(one);
    } while (Take("|"));
    return either.kids.size() == 1 ? either.kids[0] : New(std::move(either));
  }
  int Sequence(Flags& flags, int depth) {
    Part join;
    join.form = Form::kJoin;
    while (More() && Peek() != '|' && Peek() != ')') {
      if (Take("\\Q")) {
        const std::size_t end = std::min(pattern_.find("\\E", at_), pattern_.size());
        while (at_ < end) {
          const std::uint32_t point = NextCodePoint(pattern_, at_);
          join.kids.push_back(NewSet({{point, point}}, flags));
        }
        Take("\\E");
        continue;
      }
      int atom = Atom(flags, depth);
      if (atom < 0) return -1;
      atom = Repeats(atom);
      if (atom < 0) return -1;
      join.kids.push_back(atom);
    }
    return New(std::move(join));
  }
  int Repeats(int atom) {
    int stacked = 0;
    while (More()) {
      int low = 0;
      int high = -1;
      if (Take("*"))
        low = 0;
      else if (Take("+"))
        low = 1;
      else if (Take("?"))
        high = 1;
      else if (Peek() != '{' || !Counts(&low, &high))
        break;
      if (low > kRepeatMost || high > kRepeatMost || (high >= 0 && low > high) || ++stacked > 1) return -1;
      Take("?");  // Lazy or not, the question whether there is a match has one answer.
      Part repeat;
      repeat.form = Form::kRepeat;
      repeat.low = low;
      repeat.high = high;
      repeat.kids = {atom};
      atom = New(std::move(repeat));
    }
    return atom;
  }
  // "{n}", "{n,}" or "{n,m}"; anything else in braces is literal text.
  bool Counts(int* low, int* high) {
    std::size_t at = at_ + 1;
    const auto number = [&](int* out) {
      const std::size_t first = at;
      *out = 0;
      while (at < pattern_.size() && pattern_[at] >= '0' && pattern_[at] <= '9')
        *out = std::min(*out * 10 + (pattern_[at++] - '0'), 100000);
      return at > first;
    };
    if (!number(low)) return false;
    *high = *low;
    if (at < pattern_.size() && pattern_[at] == ',') {
      ++at;
      if (!number(high)) *high = -1;
    }
    if (at >= pattern_.size() || pattern_[at] != '}') return false;
    at_ = at + 1;
    return true;
  }
  int Group(Flags& flags, int depth) {
    Flags inside = flags;
    if (Take("?")) {
      if (Take("P<") || (Peek() == '<' && Peek(1) != '=' && Peek(1) != '!' && Take("<"))) {
        const std::size_t end = pattern_.find('>', at_);
        if (end == std::string_view::npos || end == at_) return -1;
        for (; at_ < end; ++at_) {
          const char c = pattern_[at_];
          if (c != '_' && !((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9')) return -1;
        }
        ++at_;
      } else {
        bool on = true;
        for (; More() && Peek() != ':' && Peek() != ')'; ++at_) {
          switch (Peek()) {
            case '-':
              on = false;
              break;
            case 'i':
              inside.fold = on;
              break;
            case 's':
              inside.dot_all = on;
              break;
            case 'm':
              inside.lines = on;
              break;
            case 'U':
              break;
            default:
              return -1;
          }
        }
        if (Take(")")) {  // Flags for the rest of this group.
          flags = inside;
          return New(Part{});
        }
        if (!Take(":")) return -1;
      }
    }
    const int inner = Alternatives(inside, depth + 1);
    return inner >= 0 && Take(")") ? inner : -1;
  }
  int Atom(Flags& flags, int depth) {
    if (Take("(")) return Group(flags, depth);
    if (Take("[")) {
      Ranges ranges;
      return Bracket(&ranges, flags) ? NewSet(std::move(ranges), Flags{}) : -1;
    }
    if (Take(".")) return NewSet(flags.dot_all ? Ranges{{0, kLastPoint}} : Inverse({{'\n', '\n'}}), Flags{});
    if (Take("^")) return NewAssert(flags.lines ? Regex::Step::kLineStart : Regex::Step::kTextStart);
    if (Take("$")) return NewAssert(flags.lines ? Regex::Step::kLineEnd : Regex::Step::kTextEnd);
    if (Peek() == '*' || Peek() == '+' || Peek() == '?') return -1;
    if (Take("\\")) {
      if (Take("A")) return NewAssert(Regex::Step::kTextStart);
      if (Take("z")) return NewAssert(Regex::Step::kTextEnd);
      if (Take("b")) return NewAssert(Regex::Step::kWord);
      if (Take("B")) return NewAssert(Regex::Step::kNotWord);
      Ranges ranges;
      return Escape(&ranges) ? NewSet(std::move(ranges), flags) : -1;
    }
    const std::uint32_t point = NextCodePoint(pattern_, at_);
    return NewSet({{point, point}}, flags);
  }
  // Behind a backslash: a class or one code point.
  bool Escape(Ranges* out) {
    if (!More()) return false;
    const char c = Peek();
    const char low = static_cast<char>(c | 32);
    if (low == 'd' || low == 'w' || low == 's') {
      ++at_;
      const Ranges* known = FindClass(std::string_view(&low, 1));
      *out = c == low ? *known : Inverse(Normal(*known));
      return true;
    }
    if (low == 'p') {
      ++at_;
      if (!Take("{")) return false;
      const bool negated = Take("^") != (c == 'P');
      const std::size_t end = pattern_.find('}', at_);
      if (end == std::string_view::npos) return false;
      const Ranges* known = FindClass(pattern_.substr(at_, end - at_));
      if (known == nullptr || pattern_[at_] < 'A' || pattern_[at_] > 'Z') return false;
      at_ = end + 1;
      *out = negated ? Inverse(*known) : *known;
      return true;
    }
    std::uint32_t point = 0;
    if (!OnePoint(&point)) return false;
    *out = {{point, point}};
    return true;
  }
  bool OnePoint(std::uint32_t* out) {
    const char c = Peek();
    static constexpr std::string_view kFrom = "afnrtv";
    static constexpr std::string_view kTo = "\a\f\n\r\t\v";
    if (const auto at = kFrom.find(c); at != std::string_view::npos) {
      ++at_;
      *out = static_cast<unsigned char>(kTo[at]);
      return true;
    }
    if (c == 'x') {
      ++at_;
      const bool braces = Take("{");
      std::uint32_t point = 0;
      int digits = 0;
      while (More() && std::string_view("0123456789abcdefABCDEF").find(Peek()) != std::string_view::npos &&
             digits < (braces ? 6 : 2)) {
        const char h = Peek();
        point = point * 16 + static_cast<std::uint32_t>(h <= '9' ? h - '0' : (h | 32) - 'a' + 10);
        ++digits;
        ++at_;
      }
      *out = point;
      return (braces ? digits > 0 && Take("}") : digits == 2) && point <= kLastPoint;
    }
    if (c == '0' || (c >= '1' && c <= '7' && Peek(1) >= '0' && Peek(1) <= '7')) {
      *out = 0;
      for (int i = 0; i < 3 && Peek() >= '0' && Peek() <= '7'; ++i)
        *out = *out * 8 + static_cast<std::uint32_t>(pattern_[at_++] - '0');
      return true;
    }
    if ((c >= '1' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
      return false;  // No back-references, no unknown letters.
    *out = NextCodePoint(pattern_, at_);
    return true;
  }
  bool Bracket(Ranges* out, const Flags& flags) {
    const bool negated = Take("^");
    bool first = true;
    while (first || Peek() != ']') {
      if (!More()) return false;
      first = false;
      if (Take("[:")) {
        const bool not_in = Take("^");
        const std::size_t end = pattern_.find(":]", at_);
        if (end == std::string_view::npos) return false;
        const Ranges* known = FindClass(pattern_.substr(at_, end - at_));
        if (known == nullptr || pattern_[at_] < 'a' || end - at_ < 4) return false;
        at_ = end + 2;
        const Ranges add = not_in ? Inverse(Normal(*known)) : *known;
        out->insert(out->end(), add.begin(), add.end());
        continue;
      }
      std::uint32_t low = 0;
      if (Take("\\")) {
        Ranges escaped;
        if (!Escape(&escaped)) return false;
        if (escaped.size() != 1 || escaped[0].first != escaped[0].second) {
          out->insert(out->end(), escaped.begin(), escaped.end());
          continue;
        }
        low = escaped[0].first;
      } else {
        low = NextCodePoint(pattern_, at_);
      }
      std::uint32_t high = low;
      if (Peek() == '-' && Peek(1) != ']' && at_ + 1 < pattern_.size()) {
        ++at_;
        if (Take("\\")) {
          if (!More() || !OnePoint(&high)) return false;
        } else {
          high = NextCodePoint(pattern_, at_);
        }
        if (high < low) return false;
      }
      out->emplace_back(low, high);
    }
    ++at_;
    *out = flags.fold ? FoldAscii(std::move(*out)) : Normal(std::move(*out));
    if (negated) *out = Inverse(*out);
    return true;
  }

  bool Add(Regex::Step step, std::uint32_t x = 0, std::uint32_t y = 0) {
    if (out_.program_.size() >= kInstructionsMost) return false;
    out_.program_.push_back({step, x, y});
    return true;
  }
  std::uint32_t Here() const { return static_cast<std::uint32_t>(out_.program_.size()); }
  bool Emit(int id) {
    // Repeated nothing writes no instruction: the visits are counted too.
    if (++emitted_ > kEmitsMost) return false;
    const Part& part = parts_[static_cast<std::size_t>(id)];
    switch (part.form) {
      case Form::kEmpty:
        return true;
      case Form::kSet:
        return Add(Regex::Step::kRange, part.set);
      case Form::kAssert:
        return Add(part.assertion);
      case Form::kJoin:
        return std::all_of(part.kids.begin(), part.kids.end(), [this](int kid) { return Emit(kid); });
      case Form::kEither:
        return EmitEither(part);
      case Form::kRepeat:
        return EmitRepeat(part);
    }
    return false;
  }
  bool EmitEither(const Part& part) {
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i < part.kids.size(); ++i) {
      const std::uint32_t split = Here();
      const bool last = i + 1 == part.kids.size();
      if (!last && !Add(Regex::Step::kSplit, split + 1)) return false;
      if (!Emit(part.kids[i])) return false;
      if (last) break;
      ends.push_back(Here());
      if (!Add(Regex::Step::kJump)) return false;
      out_.program_[split].y = Here();
    }
    for (const std::uint32_t end : ends) out_.program_[end].x = Here();
    return true;
  }
  bool EmitRepeat(const Part& part) {
    for (int i = 0; i < part.low; ++i)
      if (!Emit(part.kids[0])) return false;
    if (part.high < 0) {
      const std::uint32_t split = Here();
      if (!Add(Regex::Step::kSplit, split + 1) || !Emit(part.kids[0]) || !Add(Regex::Step::kJump, split)) return false;
      out_.program_[split].y = Here();
      return true;
    }
    std::vector<std::uint32_t> splits;
    for (int i = part.low; i < part.high; ++i) {
      splits.push_back(Here());
      if (!Add(Regex::Step::kSplit, Here() + 1) || !Emit(part.kids[0])) return false;
    }
    for (const std::uint32_t split : splits) out_.program_[split].y = Here();
    return true;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::size_t emitted_ = 0;
  std::vector<Part> parts_;
  Regex out_;
};

std::optional<Regex> Regex::Compile(std::string_view pattern) { return RegexCompiler(pattern).Run(); }

bool Regex::Search(std::string_view text, Meter& meter) const {
  // Two sparse sets of instructions: those waiting for the present code point and for the next.
  const std::size_t size = program_.size();
  if (!meter.Charge(1 + size / 16)) return false;
  // Kept per thread, so that a warm thread allocates nothing.
  struct Lists {
    std::vector<std::uint32_t> mark, now, next, stack;
  };
  thread_local Lists lists;
  auto& [mark, now, next, stack] = lists;
  mark.assign(size, 0);
  now.clear();
  std::uint32_t generation = 0;
  const auto is_word = [&](std::size_t at) {
    if (at >= text.size()) return false;
    const char c = text[at];
    return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');
  };
  std::uint64_t worked = 0;
  // Follows the steps that read nothing. True when the end of the pattern is reached.
  const auto follow = [&, &mark = mark, &stack = stack](std::uint32_t from, std::size_t at,
                                                        std::vector<std::uint32_t>& list) {
    stack.assign(1, from);
    while (!stack.empty()) {
      const std::uint32_t pc = stack.back();
      stack.pop_back();
      if (mark[pc] == generation) continue;
      mark[pc] = generation;
      ++worked;
      const Instruction& instruction = program_[pc];
      bool pass = false;
      switch (instruction.step) {
        case Step::kMatch:
          return true;
        case Step::kRange:
          list.push_back(pc);
          break;
        case Step::kJump:
          stack.push_back(instruction.x);
          break;
        case Step::kSplit:
          stack.push_back(instruction.y);
          stack.push_back(instruction.x);
          break;
        case Step::kTextStart:
          pass = at == 0;
          break;
        case Step::kTextEnd:
          pass = at == text.size();
          break;
        case Step::kLineStart:
          pass = at == 0 || text[at - 1] == '\n';
          break;
        case Step::kLineEnd:
          pass = at == text.size() || text[at] == '\n';
          break;
        case Step::kWord:
          pass = (at > 0 && is_word(at - 1)) != is_word(at);
          break;
        case Step::kNotWord:
          pass = (at > 0 && is_word(at - 1)) == is_word(at);
          break;
      }
      if (pass) stack.push_back(pc + 1);
    }
    return false;
  };
  const bool anchored = program_[0].step == Step::kTextStart;
  generation = 1;
  if (follow(0, 0, now)) return true;
  for (std::size_t at = 0; at < text.size();) {
    if (now.empty() && anchored) return false;
    const std::uint32_t point = NextCodePoint(text, at);
    ++generation;
    next.clear();
    for (const std::uint32_t pc : now) {
      ++worked;
      if (In(sets_[program_[pc].x], point) && follow(pc + 1, at, next)) return true;
    }
    if (follow(0, at, next)) return true;
    now.swap(next);
    if (!meter.Charge((worked + 3) / 4)) return false;
    worked = 0;
  }
  return false;
}

}  // namespace landfall::rules
