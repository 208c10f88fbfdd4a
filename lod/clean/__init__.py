"""From what was printed to exact values: Czech text, dates with their precision, amounts, legal names. Pure.

Sources, pages and registers all read with these. Every reader raises `ValueError` on what it cannot read
with certainty; nothing is guessed.
"""

from __future__ import annotations

from .amounts import MOST, amount, canonical_decimal, printed_currency, rounded
from .dates import PartialDate, date_range, excel_date, partial_date
from .names import is_cut, legal_name, name_key, named_number
from .text import fold, slug, text, url

__all__ = [
    "MOST",
    "PartialDate",
    "amount",
    "canonical_decimal",
    "date_range",
    "excel_date",
    "fold",
    "is_cut",
    "legal_name",
    "name_key",
    "named_number",
    "partial_date",
    "printed_currency",
    "rounded",
    "slug",
    "text",
    "url",
]
