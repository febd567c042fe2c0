"""Channels: how words reach people; all fit one small protocol."""
