"""Modified Julian Dates, without `astropy.time`, which takes a second to import."""

from __future__ import annotations

from datetime import UTC, datetime

_MJD_0 = datetime(1858, 11, 17, tzinfo=UTC)
_DAY = 86400


def mjd(moment: datetime) -> float:
    """Return the MJD (UTC) of a moment with a time zone.

    Python's calendar is exact except for leap seconds, and the last one was in 2016, long before launch. `astropy.time`
    gives the same numbers.
    """
    since = moment - _MJD_0
    return since.days + (since.seconds + since.microseconds / 1e6) / _DAY
