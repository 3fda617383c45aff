// SPDX-License-Identifier: Apache-2.0
// Money in place by column: receipts, and what was read of them later.
#pragma once

#include "base/columns.h"

namespace landfall::project {

inline constexpr std::int64_t kNoMoney = INT64_MIN;

struct Receipt {
  std::int64_t minor;
  std::uint64_t seq, reversed_by;  // 0: stands
  std::uint32_t project;           // raw
  std::int32_t day;
  std::uint32_t previous;  // Index + 1 of the project's receipt before, 0 for none.
  std::uint8_t kind, level, unused[2];
};

// 16 bytes a receipt, as a rule.
class ReceiptColumn {
 public:
  using Flat = Receipt;
  std::size_t size() const { return what_.size(); }
  bool empty() const { return what_.empty(); }
  Receipt operator[](std::size_t row) const {
    return {minor_[row],
            seq_[row],
            reversed_by_[row],
            project_[row],
            day_[row],
            previous_[row],
            static_cast<std::uint8_t>(what_[row] % kLevels),
            static_cast<std::uint8_t>(what_[row] / kLevels),
            {0, 0}};
  }
  std::uint32_t Seq(std::size_t row) const { return seq_[row]; }
  std::int32_t Day(std::size_t row) const { return day_[row]; }
  std::uint32_t Previous(std::size_t row) const { return previous_[row]; }
  void push_back(const Receipt& receipt) {
    LF_CHECK(receipt.kind < kLevels && receipt.level < kLevels);
    minor_.push_back(receipt.minor);
    seq_.push_back(SeqForColumn(receipt.seq));
    reversed_by_.push_back(SeqForColumn(receipt.reversed_by));
    project_.push_back(receipt.project);
    previous_.push_back(receipt.previous);
    day_.push_back(receipt.day);
    what_.push_back(static_cast<std::uint8_t>(receipt.kind + kLevels * receipt.level));
  }
  void Reverse(std::size_t row, std::uint32_t by) { reversed_by_.Set(row, by); }
  void clear() { *this = {}; }
  RowIterator<ReceiptColumn> begin() const { return {*this, 0}; }
  RowIterator<ReceiptColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const {
    return minor_.bytes() + seq_.bytes() + reversed_by_.bytes() + project_.bytes() + previous_.bytes() + day_.bytes() +
           what_.capacity();
  }

 private:
  static constexpr std::uint8_t kLevels = 16;
  AmountColumn minor_;
  SeqColumn seq_;
  SparseColumn<std::uint32_t> reversed_by_;
  NarrowColumn project_, previous_;
  DayColumn day_;
  std::vector<std::uint8_t> what_;  // kind + kLevels · level
};

// By receipt, beside it.
struct FundsReading {
  std::int64_t verified, counted;                       // kNoMoney: not read
  std::uint32_t verified_seq, counted_seq, by, unused;  // by: raw account that recorded the receipt
};

// One or two bytes for a receipt that nobody has read yet.
class ReadingColumn {
 public:
  using Flat = FundsReading;
  std::size_t size() const { return by_.size(); }
  FundsReading operator[](std::size_t row) const {
    const Read& read = read_[row];
    return {read.verified, read.counted, read.verified_seq, read.counted_seq, by_[row], 0};
  }
  void push_back(const FundsReading& reading) {
    by_.push_back(reading.by);
    read_.push_back({reading.verified, reading.counted, reading.verified_seq, reading.counted_seq});
  }
  void Verify(std::size_t row, std::int64_t minor, std::uint32_t seq) {
    Read& read = read_.Edit(row);
    read.verified = minor;
    read.verified_seq = seq;
  }
  void Count(std::size_t row, std::int64_t minor, std::uint32_t seq) {
    Read& read = read_.Edit(row);
    read.counted = minor;
    read.counted_seq = seq;
  }
  void clear() {
    by_.clear();
    read_.clear();
  }
  std::size_t bytes() const { return by_.bytes() + read_.bytes(); }

 private:
  struct Read {
    std::int64_t verified, counted;
    std::uint32_t verified_seq, counted_seq;
  };
  NarrowColumn by_;
  SparseColumn<Read> read_{{kNoMoney, kNoMoney, 0, 0}};
};

}  // namespace landfall::project
