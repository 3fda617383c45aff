// SPDX-License-Identifier: Apache-2.0
// What the benches share: options, folders that vanish, clocks, medians, and one form of output.
//
// A bench is a plain main with fixed data and a fixed seed that checks its own result and then prints one JSON line a
// figure to stdout, and the same as a table to stderr. A figure is the median of its runs. Two clocks: `wall` is what a
// user waits, `cpu` is the time that the measuring thread ran, which other work on the machine does not stretch.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::bench {

struct Options {
  bool quick = false;     // A smoke run: small sizes, at most five seconds. Its figures mean nothing.
  bool postgres = false;  // The ledger's entries in a database, where the bench has the choice.
};

// `engines`: whether the bench has the choice of the engine.
inline Options ParseOptions(int argc, char** argv, bool engines = false) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view given = argv[i];
    if (given == "--quick") {
      options.quick = true;
    } else if (engines && given == "--postgres") {
      options.postgres = true;
    } else {
      fmt::print(stderr, "usage: {} [--quick]{}\n", argv[0], engines ? " [--postgres]" : "");
      std::exit(2);
    }
  }
  return options;
}

// A folder under $TMPDIR, or under the system's, that goes with its owner.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "landfall-bench-XXXXXX").string();
    LF_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

struct Times {
  double wall = 0, cpu = 0;  // Seconds; cpu of the calling thread.
};

inline double ThreadCpuSeconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

template <class Work>
Times Measure(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = ThreadCpuSeconds();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), ThreadCpuSeconds() - cpu};
}

// `q` in 0 … 1, by nearest rank. Precondition: not empty.
inline double Quantile(std::vector<double> values, double q) {
  LF_CHECK(!values.empty());
  const auto at = static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}
inline double Median(std::vector<double> values) { return Quantile(std::move(values), 0.5); }

// Resident memory of this process, MB of 10^6 bytes.
inline double RssMb() {
  std::ifstream in("/proc/self/statm");
  double pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// Prints each figure as it is found, and the table at the end.
class Report {
 public:
  explicit Report(std::string_view bench) : bench_(bench) {}
  ~Report() {
    fmt::print(stderr, "\n{:<56} {:>14} {:<12} {:>8}  {}\n", bench_, "value", "unit", "ratio", "of");
    for (const Row& row : rows_)
      fmt::print(stderr, "{:<56} {:>14.{}f} {:<12} {:>8}  {}\n", row.name, row.value, row.value >= 100 ? 0 : 3,
                 row.unit, row.ratio == 0 ? std::string() : fmt::format("{:.2f}", row.ratio), row.ratio_to);
  }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  // `ratio`: value ÷ that of `ratio_to` in the same run, as more is better; 0 where there is nothing to compare with.
  void Figure(std::string_view name, double value, std::string_view unit, std::string_view ratio_to = {},
              double ratio = 0) {
    fmt::print("{{\"bench\":\"{}.{}\",\"value\":{:.3f},\"unit\":\"{}\",\"ratio_to\":\"{}\",\"ratio\":{:.3f}}}\n",
               bench_, name, value, unit, ratio_to, ratio);
    std::fflush(stdout);
    rows_.push_back({std::string(name), value, std::string(unit), std::string(ratio_to), ratio});
  }

 private:
  struct Row {
    std::string name;
    double value;
    std::string unit, ratio_to;
    double ratio;
  };
  std::string bench_;
  std::vector<Row> rows_;
};

}  // namespace landfall::bench
