"""Periods and deadlines: whether one is within another.

Hours, days and weeks are one calendar, months and years another; between the two, a month is 30 days where a limit in
months is to be met and 31 where it is to be exceeded by nothing. Working days compare with days only where no calendar
could make them differ. What is in the policy's own words, or lasts until an event, is within no limit.
"""

from __future__ import annotations

from policyspec.order import Order
from policyspec.statements import Period

_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168}
_MONTHS = {"month": 1, "year": 12}


def is_no_longer(amount: int, unit: str, limit: int, limit_unit: str) -> bool:
    """Whether a time is certainly not longer than another."""
    if unit == limit_unit:
        return amount <= limit
    if unit in _HOURS and limit_unit in _HOURS:
        return amount * _HOURS[unit] <= limit * _HOURS[limit_unit]
    if unit in _MONTHS and limit_unit in _MONTHS:
        return amount * _MONTHS[unit] <= limit * _MONTHS[limit_unit]
    if unit == "working_day" and limit_unit in _HOURS:
        # Two weeks hold ten working days, and no more than ten of holidays.
        return (2 * amount + 10) * 24 <= limit * _HOURS[limit_unit]
    if unit == "working_day":
        return 2 * amount + 10 <= limit * _MONTHS[limit_unit] * 30
    if limit_unit == "working_day":
        # So many working days take at least as many days.
        return unit in _HOURS and amount * _HOURS[unit] <= limit * 24
    if unit in _HOURS:
        return amount * _HOURS[unit] <= limit * _MONTHS[limit_unit] * 24 * 365 / 12
    return amount * _MONTHS[unit] * 31 * 24 <= limit * _HOURS[limit_unit]


def is_longer(amount: int, unit: str, limit: int, limit_unit: str) -> bool:
    """Whether a time is longer than another, whatever the calendar."""
    return is_no_longer(limit, limit_unit, amount, unit) and not is_no_longer(amount, unit, limit, limit_unit)


def is_within(order: Order, word: str, stated: Period, limit: Period) -> bool:
    """Whether a stated period, after `keep` or `within`, keeps to the limit of a rule."""
    if limit.form != "lasting":
        same = stated.form == limit.form
        return same and (limit.event is None or (stated.event is not None and order.covers(limit.event, stated.event)))
    if stated.form != "lasting":
        return False
    if limit.event is not None and (stated.event is None or not order.covers(limit.event, stated.event)):
        return False
    if word == "keep" and limit.word != "at_least" and stated.event is not None and limit.event is None:
        # What begins with an event that may never come has no end.
        return False
    if limit.word == "at_least":
        return stated.word != "at_most" and is_no_longer(limit.amount, limit.unit, stated.amount, stated.unit)
    return stated.word != "at_least" and is_no_longer(stated.amount, stated.unit, limit.amount, limit.unit)
