"""The fake Telegram with a whole python-telegram-bot application, by polling and by webhook."""

import asyncio
import time

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict

from tests.fakes.telegram_echo import build, hooked, running
from tests.fakes.telegram_server import FakeTelegram


async def test_echo_by_polling(telegram: FakeTelegram) -> None:
    person, other = telegram.person(), telegram.person()
    async with running(build(telegram)):
        person.says("你好")
        other.says("再见")
        seen = await person.until("echo 你好")
        await other.until("echo 再见")
        await asyncio.to_thread(telegram.wait_confirmed)
    assert (seen.silent, seen.edited, seen.buttons) == (False, False, ())
    assert telegram.accepted == {(person.user_id, "echo 你好"): 1, (other.user_id, "echo 再见"): 1}
    assert telegram.log[0].message_id < telegram.log[1].message_id


async def test_echo_by_webhook_with_secret(telegram: FakeTelegram) -> None:
    person = telegram.person()
    async with hooked(build(telegram), "s3cret_-") as port:
        person.says("by push")
        await person.until("echo by push")
        await asyncio.to_thread(telegram.wait_confirmed)
        async with httpx.AsyncClient(trust_env=False) as client:
            forged = await client.post(f"http://127.0.0.1:{port}/hook", json={"update_id": 1})
        assert forged.status_code == 403
    assert telegram.state.webhook.secret_token == "s3cret_-"


async def test_webhook_is_tried_again_until_it_answers(telegram: FakeTelegram, bot: Bot) -> None:
    person, app = telegram.person(), build(telegram)
    async with hooked(app, "right"):
        telegram.state.webhook.secret_token = "wrong"
        person.says("knock")
        await asyncio.to_thread(person.wait_until, lambda: telegram.state.webhook.last_error, 5, "an error")
        info = await bot.get_webhook_info()
        assert info.pending_update_count == 1 and "403" in (info.last_error_message or "")
        telegram.state.webhook.secret_token = "right"
        await person.until("echo knock")
    assert len(person.inbox) == 1


async def test_keyboard_press_answer_edit(telegram: FakeTelegram) -> None:
    person = telegram.person()
    async with running(build(telegram)):
        person.says("/ask")
        seen = await person.until("解决了吗")
        assert seen.buttons == ("是", "否") and seen.rows == (("是",), ("否",))
        query = person.presses("否")
        changed = await person.until("您选了 no")
    assert changed.message_id == seen.message_id and changed.edited and changed.buttons == ()
    assert person.toasts == [("收到", True)] and person.answered(query)
    with pytest.raises(AssertionError, match="no button"):
        person.presses("否")


async def test_edited_message_and_files(telegram: FakeTelegram) -> None:
    person = telegram.person()
    async with running(build(telegram)):
        first = person.says("one")
        await person.until("echo one")
        person.edits(first, "two")
        await person.until("changed two")
        person.sends_voice(b"ogg" * 1000)
        assert (await person.until("3000 bytes")).data == b"ogg" * 1000
        person.sends_document("表.xlsx", b"12345", caption="第三张")
        assert (await person.until("5 bytes 第三张")).file_name == "back.bin"
        person.sends_photo(b"x" * 77)
        await person.until("77 bytes")
        person.sends_sticker()
        await asyncio.to_thread(telegram.wait_confirmed)


async def test_second_application_is_told(telegram: FakeTelegram) -> None:
    problems: list[Exception] = []
    async with running(build(telegram), error_callback=problems.append):
        async with Bot(telegram.token, base_url=telegram.base_url) as intruder:
            await intruder.get_updates(timeout=0)
        deadline = time.monotonic() + 3
        while not problems and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
    assert isinstance(problems[0], Conflict)


async def test_updates_delivered_twice(telegram: FakeTelegram) -> None:
    person = telegram.person()
    telegram.deliver_twice(1)
    async with running(build(telegram)):
        person.says("again")
        await asyncio.to_thread(person.wait_until, lambda: len(person.inbox) == 2, 5, "a second echo")
        person.says("once")
        await person.until("echo once")
        await asyncio.to_thread(telegram.wait_confirmed)
    assert telegram.repeated == {(person.user_id, "echo again"): 2}


async def test_updates_pushed_twice_and_shuffled(telegram: FakeTelegram) -> None:
    person = telegram.person()
    telegram.deliver_twice(2)
    telegram.shuffle_updates(seed=3, hold=0.1)
    async with hooked(build(telegram), "s"):
        for number in range(6):
            person.says(str(number))
        await asyncio.to_thread(person.wait_until, lambda: len(person.inbox) == 8, 5, "8 echoes")
    texts = [each.text for each in person.inbox]
    assert len(set(texts)) == 6 and texts != sorted(texts)


async def test_stop_and_start_keep_everything(telegram: FakeTelegram) -> None:
    person, port = telegram.person(), telegram.port
    async with running(build(telegram)):
        person.says("before")
        await person.until("echo before")
        await asyncio.to_thread(telegram.stop)
        person.says("while away")
        await asyncio.sleep(0.3)
        await asyncio.to_thread(telegram.start)
        await person.until("echo while away", 8)
    assert telegram.port == port and len(person.inbox) == 2
