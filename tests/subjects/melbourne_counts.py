# SPDX-License-Identifier: Apache-2.0
"""Counts and sums of the demo register, made without any of our code.

usage: melbourne_counts.py REGISTER DAY…
First line: rows and the sum in cents. Then, per day and milestone in ladder order: past, ahead, none, contradicting.
"""
import csv
import datetime
import re
import sys
from decimal import ROUND_HALF_EVEN, Decimal, getcontext

getcontext().prec = 60
LADDER = [("need", "BNI"), ("preliminary_case", "PBC"), ("tender_closed", "Tender Closed"), ("business_case", "BCA"),
          ("stage1", "Stage1"), ("stage2", "Stage2"), ("stage3", "Stage3")]


def day(text):
    text = text.strip()
    if not text:
        return None
    if match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
        return datetime.date(*map(int, match.groups()))
    d, m, y = map(int, re.match(r"(\d+)/(\d+)/(\d+)", text).groups())
    return datetime.date(y, m, d)


rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
cents = sum((Decimal(row["FFC"]) * 100).quantize(Decimal(1), ROUND_HALF_EVEN) for row in rows)
print(len(rows), cents)
for as_of in map(datetime.date.fromisoformat, sys.argv[2:]):
    for index, (milestone, column) in enumerate(LADDER):
        past = ahead = none = contradicting = 0
        for row in rows:
            own = day(row[column])
            if own is None:
                none += 1
                continue
            past += own <= as_of
            ahead += own > as_of
            earlier = [day(row[c]) for _, c in LADDER[:index]]
            contradicting += any(e is not None and e > own for e in earlier)
        print(as_of, milestone, past, ahead, none, contradicting)
