"""Reusable pieces for anybody's `create_agent`."""
