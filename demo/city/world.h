// SPDX-License-Identifier: Apache-2.0
// Inside the generator: who and what there is, what is still to happen, and what was planted.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "approval/catalogue.h"
#include "calendar/work_calendar.h"
#include "chance.h"
#include "city.h"
#include "ledger/blobs.h"
#include "places.h"
#include "wire.h"

namespace landfall::city {

// The rungs of the industrial ladder, in its order.
enum Rung : int {
  kLead,
  kTalks,
  kSigned,
  kRegistered,
  kApproved,
  kLand,
  kReady,
  kStarted,
  kCompleted,
  kTrial,
  kProduction,
  kFull,
  kRungs
};
std::string_view KeyOf(int rung);

inline constexpr std::int64_t kFenPerWan = 1'000'000;

struct Office {
  std::string id;  // "u3"
  std::string name;
  std::string department;  // Of the catalogue of matters, where it has one.
  Actor officer, head, clerk;
  std::string lead_post, commander_post, agent_post;
  std::string lead_person, commander_person;
  bool reports_late = false;
};

enum class Style { kSteady, kSlow, kStalled, kRushed, kFalseStart, kInflated, kHeld, kEnded };

struct Project {
  int number = 0;
  std::string id, title, enterprise, enterprise_name, credit_code;
  std::size_t office = 0;
  std::size_t park = 0;
  Style style = Style::kSteady;
  bool coded = false;   // Its enterprise has a credit code already.
  bool leased = false;  // A standard factory: no land, no construction permit.
  bool phase_two = false;
  Project* same_as = nullptr;  // Another unit's record of the very same project.
  std::int64_t wan = 0;        // Stated investment.
  std::int64_t real_wan = 0;   // What will really be built.
  int reached = -1;
  std::array<Day, kRungs> plan{}, done{};
  int stuck_rung = kRungs;  // Never reached (kStalled) or reached late.
  bool aside = false;       // On hold or ended.
  Day aside_since{};
  std::int64_t completed_fen = 0;
  int reports = 0, receipts = 0;
  std::int64_t last_month_fen = 0;
  std::string batch;
};

// A case at the window. Its steps stand in the order of the ledger's.
struct CaseStep {
  enum State { kWaiting, kOpen, kApproved, kRefused };
  std::string matter, department;
  std::uint64_t waits = 0;          // Bit per step.
  std::vector<std::string> papers;  // That are asked for it.
  int limit = 0;
  bool calendar_days = false, licence = false;
  State state = kWaiting;
};
struct CaseFile {
  std::string id;
  Office* lead = nullptr;
  Actor applicant;  // Who hands in: the enterprise by its own account, else the window for it.
  std::vector<CaseStep> steps;
  std::vector<std::string> follow;  // Papers that are still to follow.
  bool closed = false, late = false;
};

// What was planted, for the truth file.
class Truth {
 public:
  void Plant(std::string_view kind, Body facts);
  std::string Take(const CityOptions& options, Day first_day, std::span<const std::string> holidays) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> planted_;
};

class World {
 public:
  World(const CityOptions& options, app::Engine& engine, CityClock& clock, ledger::Blobs& blobs);
  Result<City> Run();

 private:
  // ---- offices.cc: what stands on the first day ----
  Status FillEvidence();
  Status OpenOffices();
  Status OpenUnits();
  Status OpenPosts();
  void OpenAccount(const std::string& login, const std::string& display, const std::string& unit, std::string_view role,
                   std::function<void(Actor)> then);
  Status DrawPlaces();
  Status NameMechanisms();
  Status SetRules();

  // ---- story.cc: the life of a project ----
  void PlanProjects();
  void Begin(Project& p);
  void Register(Project& p);
  void Reach(Project& p, int rung);
  void Papers(Project& p, int rung);
  void SendReach(Project& p, int rung, Wire::Then then = {});
  void Next(Project& p);
  void Stall(Project& p, int rung);
  void Sign(Project& p);
  void PlanRungs(Project& p);
  void Replan(Project& p, int days);
  void FalseStart(Project& p);
  void Block(Project& p, int rung, Day solved_on);  // Day{}: it is not solved.
  void PutAside(Project& p);
  void Ground(Project& p, std::string_view ground, std::string_view number = {}, Wire::Then then = {});
  void JoinBatch(Project& p, std::string_view batch);
  void Duty(Project& p, std::string_view kind, const std::string& post, Wire::Then then = {});

  // ---- months.cc: reports, money, closes, targets ----
  void BeginMonth(Day first_work_day);
  void Report(Project& p, Day period);
  void Correct(Project& p, Day period);
  void ReceiveFunds(Project& p);
  std::int64_t MonthOf(Project& p, Day period);

  // ---- duties.cc: obligations, meetings, movers ----
  struct Owed {
    std::string_view kind;
    std::string text;
    const Project* project = nullptr;
    std::size_t office = 0;
    int days = 20;
    Actor by;
    std::string_view source;
    std::string_view category;
  };
  void Owe(const Owed& owed);
  void Live(const Owed& owed, const std::string& id, Day due);
  void Settle(const Owed& owed, const std::string& id, int in_days, bool returned_first);
  void MonthlyDuties();
  void Move(std::size_t office);
  void Acting(std::size_t office);

  // ---- cases.cc: the windows ----
  Status OpenDesks();
  void OpenDesk(const std::string& department, Office& desk);
  void PlantOffice(std::string_view kind, std::string_view department);
  void DecideWhatMayWait();
  void PlanShops();
  void BringToWindow(const Project& p, int rung);
  void OpenApplicant(const Project& p);
  void ApplyOnline();
  std::string FactsOf(std::string_view package, const Project* p);
  void OpenCase(std::string_view package, const std::string& enterprise, const Project* p);
  void Apply(CaseFile& file, const std::vector<std::string>& asked, Body body, const Project* p);
  std::string HandIn(const std::string& paper) const;
  void FallSilent(CaseFile& file, std::string_view how, Day answer_by);
  void Accept(CaseFile& file);
  void Proceed(CaseFile& file);
  void SendStep(CaseFile& file, std::size_t step, std::string_view command, Body body, Wire::Then then = {});
  void Work(CaseFile& file, std::size_t step);
  // `then`: working days from the end of it to the decision.
  void Pause(CaseFile& file, std::size_t step, std::string_view reason, int stands, int then);
  void Resume(CaseFile& file, std::size_t step, int then);
  void Correct(CaseFile& file, std::size_t step, int then);
  void SendBack(CaseFile& file, std::size_t step, int then);
  void AskTwice(CaseFile& file, std::size_t step);
  void Extend(CaseFile& file, std::size_t step);
  void Countersign(CaseFile& file, std::size_t step);
  void Judge(CaseFile& file, std::size_t step);
  Day Later(int work_days) const;
  void InWork(int work_days, std::function<void()> act);  // At once where it is none.

  // On the next working day from `day` on; what would happen after the last day does not.
  void On(Day day, std::function<void()> act);
  void In(int days, std::function<void()> act) { On(wire_.today() + std::chrono::days(days), std::move(act)); }
  bool Works(Day day) const;
  Body Of(const Project& p) const { return std::move(Body().Text("project", p.id)); }
  const Digest& Paper(std::string_view kind) { return papers_.at(std::string(kind)); }
  const Digest& Photo() {
    return photos_[static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(photos_.size())))];
  }
  Office& OfficeOf(const Project& p) { return offices_[p.office]; }
  int Scaled(int per_2000) const { return std::max(1, per_2000 * options_.projects / 2000); }

  const CityOptions& options_;
  app::Engine& engine_;
  CityClock& clock_;
  ledger::Blobs& blobs_;
  Wire wire_;
  Chance chance_, desk_chance_;  // Projects go the same way whatever happens at the windows.
  std::shared_ptr<const WorkCalendar> calendar_;
  Day first_;
  std::map<Day, std::vector<std::function<void()>>> agenda_;
  Truth truth_;

  std::map<std::string, Digest> papers_;
  std::vector<Digest> photos_;
  Actor leader_, project_office_, statistician_, supervisor_, sysadmin_, secadmin_;
  std::vector<CityAccount> accounts_;
  std::vector<Office> offices_;  // Districts, then parks, then departments.
  std::vector<std::string> district_regions_, park_regions_;
  std::deque<Project> projects_;
  int persons_ = 0;

  std::string city_unit_;
  std::optional<approval::Catalogue> catalogue_;
  std::map<std::string, Office> desks_;  // By department.
  std::set<std::string> may_follow_, may_promise_, by_rule_;
  std::deque<CaseFile> case_files_;
  std::map<std::string, Actor> applicants_;  // By enterprise.
  Day cases_from_;
};

}  // namespace landfall::city
