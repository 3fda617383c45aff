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

// 7 bytes a receipt, as a rule: what it says is the version of a fact (known.h).
class ReceiptColumn {
 public:
  std::size_t size() const { return fact_.size(); }
  std::uint32_t Fact(std::size_t row) const { return fact_[row]; }  // A handle.
  std::uint32_t Previous(std::size_t row) const { return previous_[row]; }
  std::uint32_t ReversedBy(std::size_t row) const { return reversed_by_[row]; }
  void Add(std::uint32_t fact, std::uint32_t previous) {
    fact_.push_back(fact);
    previous_.push_back(previous);
    reversed_by_.push_back(0);
  }
  void Reverse(std::size_t row, std::uint32_t by) { reversed_by_.Set(row, by); }
  std::size_t bytes() const { return fact_.bytes() + previous_.bytes() + reversed_by_.bytes(); }
  template <class Archive>
  void Parts(Archive& a) {
    a(fact_);
    a(previous_);
    a(reversed_by_);
  }
  bool Sound() const { return previous_.size() == size() && reversed_by_.size() == size(); }

 private:
  NarrowColumn fact_;
  BackColumn previous_;
  SparseColumn<std::uint32_t> reversed_by_;
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
  std::size_t bytes() const { return by_.bytes() + read_.bytes(); }
  template <class Archive>
  void Parts(Archive& a) {
    a(by_);
    a(read_);
  }
  bool Sound() const { return read_.size() == by_.size(); }

 private:
  struct Read {
    std::int64_t verified, counted;
    std::uint32_t verified_seq, counted_seq;
  };
  NarrowColumn by_;
  SparseColumn<Read> read_{{kNoMoney, kNoMoney, 0, 0}};
};

}  // namespace landfall::project
