// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every expression: printing and parsing, folding and fusing, missing facts, columns and rows.
#include "rules/columns.h"
#include "rules/support.h"

namespace landfall::rules::test {
namespace {

constexpr std::uint64_t kSeed = 20261121;

// Equal in kind and value; errors by their code, which may differ only where several errors meet.
bool SameAnswer(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.IsError()) return true;
  if (a.IsUnknown()) return a.u == b.u;
  return Shown(a) == Shown(b);
}

TEST(Laws, PrintingAndParsingIsTheIdentity) {
  Generator generate(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generate.Any(5);
    const auto first = Parse(text);
    ASSERT_TRUE(first.ok()) << text;

    const std::string printed = Print(*first->root());

    const auto second = Parse(printed);
    ASSERT_TRUE(second.ok()) << printed;
    ASSERT_TRUE(SameExpr(*first->root(), *second->root())) << "seed " << kSeed << "\n" << text << "\n" << printed;
    ASSERT_EQ(Print(*second->root()), printed);
  }
}

TEST(Laws, FoldingAndFusingChangeNoAnswer) {
  Generator generate(kSeed + 1);
  Evaluator fast;
  Evaluator plain;
  CompileOptions unoptimized;
  unoptimized.optimize = false;
  int values = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generate.Any(4);
    const auto a = Program::Compile(generate.environment, text);
    const auto b = Program::Compile(generate.environment, text, nullptr, unoptimized);
    ASSERT_EQ(a.ok(), b.ok()) << text;
    if (!a) continue;
    for (int r = 0; r < 3; ++r) {
      const auto row = generate.Row(4);
      const Value x = fast.Eval(*a, row);
      const Value y = plain.Eval(*b, row);
      ASSERT_TRUE(SameAnswer(x, y)) << "seed " << kSeed + 1 << "\n" << text << "\n" << Shown(x) << "\n" << Shown(y);
      values += x.IsValue();
    }
  }
  EXPECT_GT(values, 10'000);
}

TEST(Laws, ADecidedAnswerStaysWhateverTheMissingFactsTurnOutToBe) {
  Generator generate(kSeed + 2);
  Evaluator evaluator;
  int decided = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = generate.OneIn(3) ? generate.Any(4) : generate.Bool(4);
    const auto program = Program::Compile(generate.environment, text);
    if (!program) continue;
    const auto full = generate.Row(0);
    auto partial = full;
    for (Value& value : partial)
      if (generate.OneIn(3)) value = Value{};

    const Value value = evaluator.Eval(*program, partial);
    if (!value.IsValue()) continue;
    const std::string before = Shown(value);

    const Value after = evaluator.Eval(*program, full);
    ASSERT_EQ(before, Shown(after)) << "seed " << kSeed + 2 << "\n" << text;
    ++decided;
  }
  EXPECT_GT(decided, 5'000);
}

TEST(Laws, AnUnknownNamesOnlyMissingFactsAndNeverNone) {
  Generator generate(kSeed + 3);
  Evaluator evaluator;
  int unknowns = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generate.Any(4);
    const auto program = Program::Compile(generate.environment, text);
    if (!program) continue;
    const auto row = generate.Row(3);
    const Value value = evaluator.Eval(*program, row);
    if (!value.IsUnknown()) continue;
    const auto missing = evaluator.Missing(*program, value);
    ASSERT_FALSE(missing.empty()) << text;
    ASSERT_TRUE(std::is_sorted(missing.begin(), missing.end()));
    for (const std::string_view name : missing) {
      ASSERT_EQ(row[*generate.environment.SlotOf(name)].kind, Kind::kMissing) << "seed " << kSeed + 3 << "\n" << text;
    }
    ++unknowns;
  }
  EXPECT_GT(unknowns, 2'000);
}

TEST(Laws, ColumnsAnswerAsRowsDo) {
  constexpr std::size_t kRows = 1500;  // More than a block, and not whole words.
  Generator generate(kSeed + 4);
  std::vector<std::vector<Value>> rows;
  for (std::size_t i = 0; i < kRows; ++i) rows.push_back(generate.Row(6));
  struct Store {
    std::vector<std::int64_t> ints = std::vector<std::int64_t>(kRows);
    std::vector<double> doubles = std::vector<double>(kRows);
    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kRows);
    std::vector<std::int32_t> days = std::vector<std::int32_t>(kRows);
    std::vector<std::string_view> texts = std::vector<std::string_view>(kRows);
    std::vector<std::uint32_t> codes = std::vector<std::uint32_t>(kRows);
    std::vector<std::uint64_t> missing = std::vector<std::uint64_t>((kRows + 63) / 64);
  };
  std::vector<Store> stores(rows[0].size());
  std::vector<Column> columns(rows[0].size());
  static constexpr std::string_view kEntries[] = {"", "a", "ab", "高新区", "9"};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    Store& store = stores[c];
    for (std::size_t r = 0; r < kRows; ++r) {
      Value& value = rows[r][c];
      if (value.kind == Kind::kList || value.kind == Kind::kMap || c == 10) value = Value{};  // No columns of these.
      if (value.kind == Kind::kMissing) store.missing[r / 64] |= std::uint64_t{1} << (r % 64);
      if (value.kind == Kind::kInt) store.ints[r] = value.i;
      if (value.kind == Kind::kBool) store.bytes[r] = value.i != 0;
      if (value.kind == Kind::kDouble) store.doubles[r] = value.d;
      if (value.kind == Kind::kTimestamp) store.days[r] = static_cast<std::int32_t>(value.i / 86400);
      if (value.kind == Kind::kString) {
        store.texts[r] = value.str();
        store.codes[r] = static_cast<std::uint32_t>(std::find(std::begin(kEntries), std::end(kEntries), value.str()) -
                                                    std::begin(kEntries));
      }
    }
    switch (c) {
      case 0:
      case 1:
        columns[c] = Column::Bools(store.bytes, store.missing);
        break;
      case 2:
      case 3:
      case 11:
        columns[c] = Column::Ints(store.ints, store.missing);
        break;
      case 4:
        columns[c] = Column::Doubles(store.doubles, store.missing);
        break;
      case 5:
        columns[c] = Column::Texts(store.texts, store.missing);
        break;
      case 6:
        columns[c] = Column::Dictionary(store.codes, kEntries, store.missing);
        break;
      case 7:
        columns[c] = Column::Days(store.days, store.missing);
        break;
      default:
        break;
    }
  }
  Evaluator evaluator;
  ColumnRunner runner;
  std::size_t seen[4] = {};
  for (int i = 0; i < 600; ++i) {
    const std::string text = generate.Bool(4);
    const auto program = Program::Compile(generate.environment, text);
    if (!program) continue;

    const ColumnResult result = runner.Run(*program, columns, kRows).value();

    for (std::size_t r = 0; r < kRows; ++r) {
      const Value value = evaluator.Eval(*program, rows[r]);
      const auto bit = [&](const std::vector<std::uint64_t>& bits) { return (bits[r / 64] >> (r % 64) & 1) != 0; };
      const int expected = value.kind == Kind::kBool ? (value.i != 0 ? 1 : 0) : value.IsUnknown() ? 2 : 3;
      const int got = bit(result.is_true) ? 1 : bit(result.is_unknown) ? 2 : bit(result.is_error) ? 3 : 0;
      ASSERT_EQ(expected, got) << "seed " << kSeed + 4 << " row " << r << "\n" << text;
      ++seen[got];
    }
  }
  for (const std::size_t count : seen) EXPECT_GT(count, 1000u);
}

TEST(Columns, AColumnThatIsTooShortIsRefused) {
  Environment environment;
  ASSERT_TRUE(environment.Declare("a", "int").ok());
  const auto program = Program::Compile(environment, "a > 1");
  const std::vector<std::int64_t> values(9);
  const std::vector<Column> columns = {Column::Ints(values)};

  const auto result = ColumnRunner().Run(*program, columns, 10);

  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "rules.column_size");
}

}  // namespace
}  // namespace landfall::rules::test
