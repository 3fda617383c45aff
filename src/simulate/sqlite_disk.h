// SPDX-License-Identifier: Apache-2.0
// SQLite's way to the simulated disk: what one machine has between its disk and its processes. Locks and shared memory
// as on Linux: they are the machine's, a process that dies lets go of its locks, and a power cut clears both.
//
// Threads: one for a machine and everything on it.
#pragma once

#include <memory>
#include <string>

#include "simulate/disk.h"

namespace landfall::simulate {

class Machine {
 public:
  // `seed`: what SQLite draws for itself. The first machine of a program fixes SQLite's own generator.
  explicit Machine(std::uint64_t seed);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  Disk& disk();
  // The power is back: the disk as it survived, no locks, no shared memory. Precondition: every connection of the
  // machine's processes is closed.
  void PowerOn(Disk survived);

 private:
  friend class Process;
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// A process of that machine: its name as SQLite knows it (EngineOptions::vfs). Outlives its connections.
class Process {
 public:
  explicit Process(Machine& machine);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const std::string& vfs() const;
  // Killed: what it has written stays with the machine, its locks are gone, and each of its calls is refused from now
  // on, so that what is left of it in this program can do nothing more.
  void Kill();
  // The same at its n-th changing call from now on, before that is done.
  void KillAtChange(std::uint64_t n);
  bool dead() const;

  struct Inside;

 private:
  std::unique_ptr<Inside> inside_;
};

}  // namespace landfall::simulate
