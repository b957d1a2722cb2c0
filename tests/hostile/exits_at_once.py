# SPDX-License-Identifier: MIT
"""Ends before it says anything."""

raise SystemExit(7)
