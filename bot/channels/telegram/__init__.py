"""Telegram: private chats only, by polling or webhook, on python-telegram-bot."""
