"""Outbreaks: seen in counts, found in space and time, described from a line list, traced to a source."""
