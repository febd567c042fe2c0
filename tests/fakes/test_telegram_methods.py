"""The fake Telegram's methods and control side, through the library's Bot and plain HTTP."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from tests.fakes.telegram_echo import YES_NO
from tests.fakes.telegram_server import FakeTelegram


@pytest.fixture
def raw(telegram: FakeTelegram) -> Iterator[Callable[..., dict[str, Any]]]:
    with httpx.Client(trust_env=False, base_url=f"{telegram.base_url}{telegram.token}/", timeout=10) as client:

        def call(method: str, **params: Any) -> dict[str, Any]:
            answer: dict[str, Any] = client.post(method, json=params).json()
            return answer

        yield call


async def test_send_options_are_recorded(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    asked = person.says("question")
    await bot.send_message(
        person.user_id, "<b>粗</b> &lt;x&gt;", parse_mode="HTML", disable_notification=True, reply_to_message_id=asked
    )
    await bot.send_photo(person.user_id, b"png", caption="图")
    silent, photo = person.inbox
    assert (silent.text, silent.silent, silent.reply_to) == ("粗 <x>", True, asked)
    assert (photo.text, photo.data, photo.silent) == ("图", b"png", False)
    assert await bot.send_chat_action(person.user_id, "typing")
    assert telegram.actions == [(person.user_id, "typing")]


async def test_bad_requests(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    long_data = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="是" * 22)]])
    assert await bot.send_message(person.user_id, "x" * 4096)
    for text, markup, why in [
        ("x" * 4097, None, "is too long"), (" ", None, "text is empty"), ("x", long_data, "Button_data_invalid"),
    ]:  # fmt: skip
        with pytest.raises(BadRequest, match=why):
            await bot.send_message(person.user_id, text, reply_markup=markup)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "nobody")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(telegram.person(known=False).user_id, "has never written")
    with pytest.raises(BadRequest, match="an't parse entities"):
        await bot.send_message(person.user_id, "<b>open", parse_mode="HTML")
    assert len(telegram.log) == 1


async def test_edit_and_delete_errors(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    sent = await bot.send_message(person.user_id, "x", reply_markup=YES_NO)
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_text("x", reply_markup=YES_NO)
    await sent.edit_reply_markup(None)
    assert person.inbox[0].buttons == ()
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_reply_markup(None)
    assert await sent.delete() and person.inbox == []
    with pytest.raises(BadRequest, match="to edit not found"):
        await sent.edit_text("y")
    with pytest.raises(BadRequest, match="to delete not found"):
        await sent.delete()


async def test_unknown_and_old_queries(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    await bot.send_message(person.user_id, "x", reply_markup=YES_NO)
    old = person.presses("是")
    telegram.forget_queries()
    for query in (old, "123"):
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_callback_query(query)


async def test_offset_limit_and_kinds(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    for number in range(5):
        person.says(str(number))
    assert [each.message.text for each in await bot.get_updates(limit=2) if each.message] == ["0", "1"]
    third = (await bot.get_updates())[2].update_id
    rest = await bot.get_updates(offset=third, allowed_updates=["callback_query"])
    assert [each.message.text for each in rest if each.message] == ["2", "3", "4"]
    person.says("not allowed any more")
    assert telegram.updates_pending == 3
    assert [each.message.text for each in await bot.get_updates(offset=-1) if each.message] == ["4"]
    assert telegram.updates_pending == 1


async def test_shuffled_polls_lose_nothing(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    telegram.shuffle_updates(seed=1, hold=0.1)
    for number in range(6):
        person.says(str(number))
    first = [each.update_id for each in await bot.get_updates(timeout=2)]
    assert len(first) == 6 and first != sorted(first)
    seen, offset = set(first), first[-1] + 1
    while batch := await bot.get_updates(offset=offset):
        seen |= {each.update_id for each in batch}
        offset = batch[-1].update_id + 1
    assert seen == set(first) and telegram.updates_pending == 0


async def test_groups(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    group = telegram.group(person)
    inside = person.in_group(group)
    inside.says("not for the bot")
    inside.says("@jianfu_bot hello")
    inside.says("/help")
    inside.says("/help@other_bot")
    updates = await bot.get_updates()
    assert [each.message.text for each in updates if each.message] == [None, "@jianfu_bot hello", "/help"]
    await bot.send_message(group.chat_id, "只在私聊里用")
    assert inside.inbox[-1].text == "只在私聊里用" and person.inbox == []
    assert await bot.leave_chat(group.chat_id) and not group.has_bot
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group.chat_id, "x")


async def test_settings(telegram: FakeTelegram, bot: Bot) -> None:
    me = await bot.get_me()
    assert me.username == "jianfu_bot" and me.id == 4242424242
    await bot.set_my_commands([BotCommand("start", "开始")])
    await bot.set_my_commands([BotCommand("start", "Start")], language_code="en")
    assert (await bot.get_my_commands())[0].description == "开始"
    assert (await bot.get_my_commands(language_code="en"))[0].description == "Start"
    await bot.set_my_description("一句话就够")
    assert (await bot.get_my_description()).description == "一句话就够"
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Nein", "x")])


async def test_big_and_unknown_files(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    person.sends_document("big.zip", b"x", size=21 * 1024 * 1024)
    person.sends_document("small.txt", b"text")
    documents = [each.message.document for each in await bot.get_updates() if each.message and each.message.document]
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(documents[0].file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id"):
        await bot.get_file("nothing")
    await bot.send_document(person.user_id, documents[1].file_id)
    assert person.inbox[0].data == b"text"


def test_plain_http(telegram: FakeTelegram, raw: Callable[..., dict[str, Any]]) -> None:
    person = telegram.person()
    sent = raw("SENDMESSAGE", chat_id=person.user_id, text="json", reply_markup={"remove_keyboard": True})
    assert sent["ok"] and sent["result"]["chat"]["id"] == person.user_id
    assert raw("sendMessage", text="x")["description"] == "Bad Request: chat_id is empty"
    assert raw("makeCoffee")["error_code"] == 404
    with httpx.Client(trust_env=False) as client:
        prefix = f"{telegram.base_url}{telegram.token}"
        form = client.post(f"{prefix}/sendMessage", data={"chat_id": str(person.user_id), "text": "form"})
        query = client.get(f"{prefix}/sendMessage", params={"chat_id": person.user_id, "text": "query"})
        assert form.is_success and query.is_success
        assert client.get(f"{telegram.base_url}1:wrong-token/getMe").status_code == 401
        assert client.get(f"{telegram.base_url}nonsense/getMe").status_code == 404
        assert client.get(f"{telegram.base_file_url}{telegram.token}/no/such").status_code == 404
        broken = client.post(f"{prefix}/getMe", content=b"{", headers={"content-type": "application/json"})
        assert broken.status_code == 400
    assert [each.text for each in person.inbox] == ["json", "form", "query"]


def test_control_from_many_threads(telegram: FakeTelegram, raw: Callable[..., dict[str, Any]]) -> None:
    people = [telegram.person() for _ in range(8)]
    threads = [threading.Thread(target=lambda p=each: [p.says(str(i)) for i in range(50)]) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    offset, ids = 0, []
    while batch := raw("getUpdates", offset=offset)["result"]:
        ids += [each["update_id"] for each in batch]
        offset = ids[-1] + 1
    assert len(ids) == 400 and ids == sorted(set(ids))


def test_waiting_fails_with_the_inbox(telegram: FakeTelegram, raw: Callable[..., dict[str, Any]]) -> None:
    person = telegram.person()
    raw("sendMessage", chat_id=person.user_id, text="something else")
    with pytest.raises(AssertionError, match="something else"):
        person.wait_for("never", seconds=0.1)
    mark = person.says("next")
    with pytest.raises(AssertionError, match="waited"):
        person.wait_for("something", seconds=0.1, after=mark)
