// SPDX-License-Identifier: Apache-2.0
#include "rules/columns.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>

#include "rules/code.h"

namespace landfall::rules {

namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::size_t kWords = kBlock / 64;
using Bits = std::array<std::uint64_t, kWords>;

// The answers of one node for a block of rows.
struct Tri {
  Bits t{}, u{}, e{};
};

constexpr std::int64_t kNoFact = -1;
constexpr std::int64_t kManyFacts = -2;

template <class Predicate>
void Fill(Bits& out, std::size_t rows, Predicate predicate) {
  for (std::size_t w = 0; w * 64 < rows; ++w) {
    const std::size_t many = std::min<std::size_t>(64, rows - w * 64);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < many; ++i) word |= static_cast<std::uint64_t>(predicate(w * 64 + i)) << i;
    out[w] = word;
  }
}

// One loop for each comparison, so that the choice is made once a block.
template <class Left, class Right>
void FillCompare(Bits& out, std::size_t rows, std::uint8_t mask, Left left, Right right) {
  switch (mask) {
    case kLessBit:
      Fill(out, rows, [&](std::size_t i) { return left(i) < right(i); });
      break;
    case kLessBit | kEqualBit:
      Fill(out, rows, [&](std::size_t i) { return left(i) <= right(i); });
      break;
    case kGreaterBit:
      Fill(out, rows, [&](std::size_t i) { return left(i) > right(i); });
      break;
    case kGreaterBit | kEqualBit:
      Fill(out, rows, [&](std::size_t i) { return left(i) >= right(i); });
      break;
    case kEqualMask:
      Fill(out, rows, [&](std::size_t i) { return left(i) == right(i); });
      break;
    default:
      Fill(out, rows, [&](std::size_t i) { return left(i) != right(i); });
      break;
  }
}

}  // namespace

Column Column::Ints(std::span<const std::int64_t> v, std::span<const std::uint64_t> missing) {
  Column out;
  out.form = Form::kInt;
  out.ints = v;
  out.missing = missing;
  return out;
}
Column Column::Doubles(std::span<const double> v, std::span<const std::uint64_t> missing) {
  Column out;
  out.form = Form::kDouble;
  out.doubles = v;
  out.missing = missing;
  return out;
}
Column Column::Bools(std::span<const std::uint8_t> v, std::span<const std::uint64_t> missing) {
  Column out;
  out.form = Form::kBool;
  out.bytes = v;
  out.missing = missing;
  return out;
}
Column Column::Days(std::span<const std::int32_t> v, std::span<const std::uint64_t> missing) {
  Column out;
  out.form = Form::kDay;
  out.days = v;
  out.missing = missing;
  return out;
}
Column Column::Texts(std::span<const std::string_view> v, std::span<const std::uint64_t> missing) {
  Column out;
  out.form = Form::kText;
  out.texts = v;
  out.missing = missing;
  return out;
}
Column Column::Dictionary(std::span<const std::uint32_t> codes, std::span<const std::string_view> entries,
                          std::span<const std::uint64_t> missing) {
  Column out;
  out.form = Form::kDictionary;
  out.codes = codes;
  out.texts = entries;
  out.missing = missing;
  return out;
}

Value Column::At(std::size_t row) const {
  if (form == Form::kAbsent || IsMissing(row)) return {};
  switch (form) {
    case Form::kInt:
      return Value::Int(ints[row]);
    case Form::kDouble:
      return Value::Double(doubles[row]);
    case Form::kBool:
      return Value::Bool(bytes[row] != 0);
    case Form::kDay:
      return Value::DayNumber(days[row]);
    case Form::kText:
      return Value::String(texts[row]);
    case Form::kDictionary:
      return Value::String(texts[codes[row]]);
    case Form::kAbsent:
      break;
  }
  return {};
}

// One run of one program over one set of columns.
class ColumnPass {
 public:
  using RowEval = std::function<Value(std::uint32_t node, Facts facts)>;
  ColumnPass(const Code& code, std::span<const Column> columns, RowEval row_eval)
      : code_(code),
        columns_(columns),
        row_eval_(std::move(row_eval)),
        row_(code.environment->size()),
        only_(code.nodes.size(), kNoFact) {
    // Kids come before their parents.
    for (std::size_t id = 0; id < code.nodes.size(); ++id) {
      const Node& node = code.nodes[id];
      if (node.op == Op::kFact || node.op == Op::kHasFact || node.op == Op::kFactCompare) only_[id] = node.index;
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const std::int64_t kid = only_[code.kids[node.kids + i]];
        if (kid == kNoFact || kid == only_[id]) continue;
        only_[id] = only_[id] == kNoFact ? kid : kManyFacts;
      }
    }
  }

  void Block(std::size_t base, std::size_t rows, Tri& out) {
    base_ = base;
    rows_ = rows;
    Bits active{};
    Fill(active, rows, [](std::size_t) { return true; });
    Truth(code_.root, active, out);
  }

 private:
  // A block of numbers; rows with a bit in u or e have no value.
  struct Numbers {
    bool real = false;
    std::array<std::int64_t, kBlock> ints;
    std::array<double, kBlock> doubles;
    Bits u{}, e{};
  };

  std::uint32_t Kid(const Node& node, std::uint32_t i) const { return code_.kids[node.kids + i]; }
  const Column& ColumnOf(std::uint32_t slot) const {
    static const Column kAbsent;
    return slot < columns_.size() ? columns_[slot] : kAbsent;
  }
  Bits MissingOf(const Column& column) const {
    Bits out{};
    if (column.form == Column::Form::kAbsent) {
      Fill(out, rows_, [](std::size_t) { return true; });
    } else if (!column.missing.empty()) {
      for (std::size_t w = 0; w * 64 < rows_; ++w) out[w] = column.missing[base_ / 64 + w];
      if (rows_ % 64 != 0) out[rows_ / 64] &= (std::uint64_t{1} << rows_ % 64) - 1;
    }
    return out;
  }

  // Fills `out` for the rows in `active`; bits of other rows mean nothing.
  void Truth(std::uint32_t id, const Bits& active, Tri& out) {
    const Node& node = code_.nodes[id];
    switch (node.op) {
      case Op::kAnd:
      case Op::kOr:
        return Logic(node, active, out);
      case Op::kNot: {
        Truth(Kid(node, 0), active, out);
        for (std::size_t w = 0; w < kWords; ++w) out.t[w] = ~(out.t[w] | out.u[w] | out.e[w]);
        return;
      }
      case Op::kFact:
        if (ColumnOf(node.index).form == Column::Form::kBool) return BoolColumn(node, out);
        break;
      case Op::kFactCompare:
        if (CompareColumn(node, out)) return;
        break;
      case Op::kInSet:
        if (InSetColumn(node, out)) return;
        break;
      case Op::kCompare:
      case Op::kEqual:
      case Op::kNotEqual:
        if (CompareNumbers(node, out)) return;
        break;
      default:
        break;
    }
    if (ByEntry(id, out)) return;
    ByRow(id, active, out);
  }

  void Logic(const Node& node, const Bits& active, Tri& out) {
    const bool absorbing = node.op == Op::kOr;
    Bits left = active;  // Rows whose answer is still open.
    Bits u{};
    Bits e{};
    Tri kid;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      kid = Tri{};
      Truth(Kid(node, i), left, kid);
      std::uint64_t open = 0;
      for (std::size_t w = 0; w < kWords; ++w) {
        const std::uint64_t decided = absorbing ? kid.t[w] : ~(kid.t[w] | kid.u[w] | kid.e[w]);
        u[w] |= kid.u[w] & left[w];
        e[w] |= kid.e[w] & left[w];
        left[w] &= ~decided;
        open |= left[w];
      }
      if (open == 0) break;
    }
    for (std::size_t w = 0; w < kWords; ++w) {
      const std::uint64_t plain = left[w] & ~u[w] & ~e[w];
      out.t[w] = absorbing ? active[w] & ~left[w] : plain;
      out.u[w] = u[w] & left[w];
      out.e[w] = e[w] & ~u[w] & left[w];
    }
  }

  void BoolColumn(const Node& node, Tri& out) {
    const Column& column = ColumnOf(node.index);
    Fill(out.t, rows_, [&](std::size_t i) { return column.bytes[base_ + i] != 0; });
    Hide(out, MissingOf(column));
  }
  // Rows in `missing` are unknown, whatever was computed for them.
  static void Hide(Tri& out, const Bits& missing) {
    out.u = missing;
    for (std::size_t w = 0; w < kWords; ++w) out.t[w] &= ~missing[w];
  }

  bool CompareColumn(const Node& node, Tri& out) {
    const Column& column = ColumnOf(node.index);
    const Value& constant = node.constant;
    const auto number = [&](std::size_t) { return constant.d; };
    switch (column.form) {
      case Column::Form::kAbsent:
        break;
      case Column::Form::kInt:
        if (constant.kind == Kind::kInt) {
          FillCompare(
              out.t, rows_, node.mask, [&](std::size_t i) { return column.ints[base_ + i]; },
              [&](std::size_t) { return constant.i; });
        } else if (constant.kind == Kind::kDouble) {
          FillCompare(
              out.t, rows_, node.mask, [&](std::size_t i) { return static_cast<double>(column.ints[base_ + i]); },
              number);
        } else {
          return false;
        }
        break;
      case Column::Form::kDouble: {
        if (constant.kind != Kind::kDouble && constant.kind != Kind::kInt) return false;
        const double right = constant.kind == Kind::kInt ? static_cast<double>(constant.i) : constant.d;
        FillCompare(
            out.t, rows_, node.mask, [&](std::size_t i) { return column.doubles[base_ + i]; },
            [&](std::size_t) { return right; });
        break;
      }
      case Column::Form::kBool:
        if (constant.kind != Kind::kBool) return false;
        FillCompare(
            out.t, rows_, node.mask, [&](std::size_t i) { return column.bytes[base_ + i] != 0; },
            [&](std::size_t) { return constant.i != 0; });
        break;
      case Column::Form::kDay: {
        if (constant.kind != Kind::kTimestamp) return false;
        // A midnight against an instant: with nanoseconds, twice the seconds keep them between two midnights' seconds.
        const std::int64_t right = constant.i * 2 + (constant.aux > 0 ? 1 : 0);
        FillCompare(
            out.t, rows_, node.mask, [&](std::size_t i) { return std::int64_t{column.days[base_ + i]} * 172800; },
            [&](std::size_t) { return right; });
        break;
      }
      case Column::Form::kText: {
        if (constant.kind != Kind::kString) return false;
        const std::string_view right = constant.str();
        FillCompare(
            out.t, rows_, node.mask, [&](std::size_t i) { return column.texts[base_ + i]; },
            [&](std::size_t) { return right; });
        break;
      }
      default:
        return false;
    }
    Hide(out, MissingOf(column));
    return true;
  }

  bool InSetColumn(const Node& node, Tri& out) {
    const Node& kid = code_.nodes[Kid(node, 0)];
    if (kid.op != Op::kFact) return false;
    const Column& column = ColumnOf(kid.index);
    if (column.form != Column::Form::kInt && column.form != Column::Form::kText) return false;
    const ConstantSet& set = code_.sets[node.index];
    Meter plenty(std::int64_t{1} << 40);
    if (column.form == Column::Form::kInt) {
      Fill(out.t, rows_, [&](std::size_t i) { return set.Contains(Value::Int(column.ints[base_ + i]), plenty); });
    } else {
      Fill(out.t, rows_, [&](std::size_t i) { return set.Contains(Value::String(column.texts[base_ + i]), plenty); });
    }
    Hide(out, MissingOf(column));
    return true;
  }

  // Whether a node is a number in blocks: int or double facts, constants, and arithmetic on two of one kind.
  enum class Shape : std::uint8_t { kNone, kInt, kDouble };
  Shape ShapeOf(std::uint32_t id) const {
    const Node& node = code_.nodes[id];
    switch (node.op) {
      case Op::kConst:
        return node.constant.kind == Kind::kInt      ? Shape::kInt
               : node.constant.kind == Kind::kDouble ? Shape::kDouble
                                                     : Shape::kNone;
      case Op::kFact: {
        const Column::Form form = ColumnOf(node.index).form;
        return form == Column::Form::kInt ? Shape::kInt : form == Column::Form::kDouble ? Shape::kDouble : Shape::kNone;
      }
      case Op::kAdd:
      case Op::kSub:
      case Op::kMul:
      case Op::kDiv: {
        const Shape a = ShapeOf(Kid(node, 0));
        return a == ShapeOf(Kid(node, 1)) ? a : Shape::kNone;
      }
      case Op::kCall:
        return IsToDouble(node) && ShapeOf(Kid(node, 0)) != Shape::kNone ? Shape::kDouble : Shape::kNone;
      default:
        return Shape::kNone;
    }
  }
  bool IsToDouble(const Node& node) const {
    return node.count == 1 && code_.functions[node.index] == FindStandardFunction("double") &&
           code_.functions[node.index] != nullptr;
  }

  void Number(std::uint32_t id, Numbers& out) {
    const Node& node = code_.nodes[id];
    out.u = Bits{};
    out.e = Bits{};
    out.real = ShapeOf(id) == Shape::kDouble;
    if (node.op == Op::kConst) {
      if (out.real)
        out.doubles.fill(node.constant.d);
      else
        out.ints.fill(node.constant.i);
    } else if (node.op == Op::kFact) {
      const Column& column = ColumnOf(node.index);
      if (out.real)
        std::copy_n(column.doubles.data() + base_, rows_, out.doubles.data());
      else
        std::copy_n(column.ints.data() + base_, rows_, out.ints.data());
      out.u = MissingOf(column);
    } else if (node.op == Op::kCall) {
      Number(Kid(node, 0), out);
      if (!out.real)
        std::transform(out.ints.data(), out.ints.data() + rows_, out.doubles.data(),
                       [](std::int64_t v) { return static_cast<double>(v); });
      out.real = true;
    } else {
      Number(Kid(node, 0), out);
      const auto right = std::make_unique<Numbers>();
      Number(Kid(node, 1), *right);
      for (std::size_t w = 0; w < kWords; ++w) {
        out.u[w] |= right->u[w];
        out.e[w] |= right->e[w];
      }
      if (out.real)
        DoubleArithmetic(node.op, out, *right);
      else
        IntArithmetic(node.op, out, *right);
    }
    for (std::size_t w = 0; w < kWords; ++w) out.e[w] &= ~out.u[w];
  }
  void DoubleArithmetic(Op op, Numbers& a, const Numbers& b) const {
    for (std::size_t i = 0; i < rows_; ++i) {
      double& x = a.doubles[i];
      const double y = b.doubles[i];
      x = op == Op::kAdd ? x + y : op == Op::kSub ? x - y : op == Op::kMul ? x * y : x / y;
    }
  }
  void IntArithmetic(Op op, Numbers& a, const Numbers& b) const {
    for (std::size_t i = 0; i < rows_; ++i) {
      std::int64_t& x = a.ints[i];
      const std::int64_t y = b.ints[i];
      bool bad = false;
      if (op == Op::kDiv) {
        bad = y == 0 || (y == -1 && x == INT64_MIN);
        if (!bad) x /= y;
      } else {
        bad = op == Op::kAdd   ? __builtin_add_overflow(x, y, &x)
              : op == Op::kSub ? __builtin_sub_overflow(x, y, &x)
                               : __builtin_mul_overflow(x, y, &x);
      }
      if (bad) a.e[i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }

  bool CompareNumbers(const Node& node, Tri& out) {
    const Shape left_shape = ShapeOf(Kid(node, 0));
    const Shape right_shape = ShapeOf(Kid(node, 1));
    if (left_shape == Shape::kNone || right_shape == Shape::kNone) return false;
    const auto left = std::make_unique<Numbers>();
    const auto right = std::make_unique<Numbers>();
    Number(Kid(node, 0), *left);
    Number(Kid(node, 1), *right);
    const std::uint8_t mask = node.op == Op::kEqual ? kEqualMask : node.op == Op::kNotEqual ? kNotEqualMask : node.mask;
    if (left_shape == Shape::kInt && right_shape == Shape::kInt) {
      FillCompare(
          out.t, rows_, mask, [&](std::size_t i) { return left->ints[i]; },
          [&](std::size_t i) { return right->ints[i]; });
    } else {
      const auto real = [](const Numbers& numbers, std::size_t i) {
        return numbers.real ? numbers.doubles[i] : static_cast<double>(numbers.ints[i]);
      };
      FillCompare(
          out.t, rows_, mask, [&](std::size_t i) { return real(*left, i); },
          [&](std::size_t i) { return real(*right, i); });
    }
    for (std::size_t w = 0; w < kWords; ++w) {
      out.u[w] = left->u[w] | right->u[w];
      out.e[w] = (left->e[w] | right->e[w]) & ~out.u[w];
      out.t[w] &= ~(out.u[w] | out.e[w]);
    }
    return true;
  }

  enum Answer : std::uint8_t { kFalse, kTrue, kUnknown, kError };
  Answer Ask(std::uint32_t id) {
    const Value value = row_eval_(id, row_);
    if (value.kind == Kind::kBool) return value.i != 0 ? kTrue : kFalse;
    return value.IsUnknown() ? kUnknown : kError;
  }

  // What depends on one dictionary column alone is asked once per entry.
  bool ByEntry(std::uint32_t id, Tri& out) {
    if (only_[id] < 0) return false;
    const auto slot = static_cast<std::uint32_t>(only_[id]);
    const Column& column = ColumnOf(slot);
    if (column.form != Column::Form::kDictionary) return false;
    auto [it, fresh] = entries_.try_emplace(id);
    if (fresh) {
      for (const std::string_view text : column.texts) {
        row_[slot] = Value::String(text);
        it->second.push_back(Ask(id));
      }
      row_[slot] = Value{};
      it->second.push_back(Ask(id));  // The last is for rows without the fact.
    }
    const std::vector<Answer>& answers = it->second;
    const auto at = [&](std::size_t i) {
      return column.IsMissing(base_ + i) ? answers.back() : answers[column.codes[base_ + i]];
    };
    Fill(out.t, rows_, [&](std::size_t i) { return at(i) == kTrue; });
    Fill(out.u, rows_, [&](std::size_t i) { return at(i) == kUnknown; });
    Fill(out.e, rows_, [&](std::size_t i) { return at(i) == kError; });
    return true;
  }

  void ByRow(std::uint32_t id, const Bits& active, Tri& out) {
    for (std::size_t w = 0; w * 64 < rows_; ++w) {
      for (std::uint64_t rest = active[w]; rest != 0; rest &= rest - 1) {
        const int i = std::countr_zero(rest);
        for (const FactUse& use : code_.facts)
          if (use.slot < row_.size())
            row_[use.slot] = ColumnOf(use.slot).At(base_ + w * 64 + static_cast<std::size_t>(i));
        const std::uint64_t bit = std::uint64_t{1} << i;
        switch (Ask(id)) {
          case kTrue:
            out.t[w] |= bit;
            break;
          case kUnknown:
            out.u[w] |= bit;
            break;
          case kError:
            out.e[w] |= bit;
            break;
          case kFalse:
            break;
        }
      }
    }
  }

  const Code& code_;
  std::span<const Column> columns_;
  RowEval row_eval_;
  std::vector<Value> row_;
  std::vector<std::int64_t> only_;  // Per node: the one fact it reads, or kNoFact, kManyFacts.
  std::map<std::uint32_t, std::vector<Answer>> entries_;
  std::size_t base_ = 0, rows_ = 0;
};

Result<ColumnResult> ColumnRunner::Run(const Program& program, std::span<const Column> columns, std::size_t rows) {
  for (const FactUse& use : program.facts()) {
    if (use.slot >= columns.size()) continue;
    const Column& column = columns[use.slot];
    const std::size_t sizes[] = {rows,
                                 column.ints.size(),
                                 column.doubles.size(),
                                 column.bytes.size(),
                                 column.days.size(),
                                 column.texts.size(),
                                 column.codes.size()};
    const bool short_missing = !column.missing.empty() && column.missing.size() * 64 < rows;
    if (sizes[static_cast<std::size_t>(column.form)] < rows || short_missing) {
      return Invalid("rules.column_size", "a column has fewer entries than there are rows", use.name);
    }
  }
  ColumnPass pass(program.code(), columns,
                  [&](std::uint32_t node, Facts facts) { return evaluator_.Run(program.code(), node, facts); });
  ColumnResult out;
  const std::size_t words = (rows + 63) / 64;
  out.is_true.resize(words);
  out.is_unknown.resize(words);
  out.is_error.resize(words);
  for (std::size_t base = 0; base < rows; base += kBlock) {
    const std::size_t many = std::min(kBlock, rows - base);
    Tri tri;
    pass.Block(base, many, tri);
    for (std::size_t w = 0; w * 64 < many; ++w) {
      const std::uint64_t valid = many - w * 64 >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (many - w * 64)) - 1;
      out.is_true[base / 64 + w] = tri.t[w] & valid;
      out.is_unknown[base / 64 + w] = tri.u[w] & valid;
      out.is_error[base / 64 + w] = tri.e[w] & valid;
      out.true_count += static_cast<std::size_t>(std::popcount(tri.t[w] & valid));
      out.unknown_count += static_cast<std::size_t>(std::popcount(tri.u[w] & valid));
      out.error_count += static_cast<std::size_t>(std::popcount(tri.e[w] & valid));
    }
  }
  return out;
}

}  // namespace landfall::rules
