"""The fake Telegram in bad mood: refusals, limits, errors, cut connections, conflicts."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from tests.fakes.telegram_server import FakeTelegram
from tests.fakes.telegram_trouble import Trouble


@pytest.fixture(autouse=True)
def timedelta_please(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns, here: fails, while it makes its RetryAfter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


async def test_blocked_and_planned_403(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    telegram.plan("sendMessage", [Trouble.none(), Trouble.forbidden()])
    await bot.send_message(person.user_id, "one")
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(person.user_id, "two")
    person.blocks_bot()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(person.user_id, "three")
    person.unblocks_bot()
    await bot.send_message(person.user_id, "four")
    updates = await bot.get_updates()
    changes = [each.my_chat_member for each in updates if each.my_chat_member]
    assert [each.new_chat_member.status for each in changes] == ["kicked", "member"]
    assert [each.text for each in person.inbox] == ["one", "four"]


async def test_flood_wait_is_held(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    telegram.plan("sendMessage", [Trouble.flood(1)])
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(person.user_id, "x")
    assert caught.value.retry_after == timedelta(seconds=1)
    assert not telegram.impatient
    with pytest.raises(RetryAfter):
        await bot.send_message(person.user_id, "x")
    assert telegram.impatient[0][0] == person.user_id
    await asyncio.sleep(1.0)
    await bot.send_message(person.user_id, "x")
    assert telegram.accepted == {(person.user_id, "x"): 1}


async def test_strict_limits_and_overruns(telegram: FakeTelegram, bot: Bot) -> None:
    people = [telegram.person() for _ in range(10)]
    telegram.limits(strict=False)
    await bot.send_message(people[0].user_id, "one")
    await bot.send_message(people[0].user_id, "two")
    assert len(telegram.overruns) == 1 and f"chat {people[0].user_id}" in telegram.overruns[0]
    telegram.limits(strict=True, overall=10)
    with pytest.raises(RetryAfter):
        await bot.send_message(people[0].user_id, "three")
    for each in people[1:9]:
        await bot.send_message(each.user_id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[9].user_id, "the 11th in a second")
    assert len(telegram.overruns) == 1


async def test_errors_before_and_after_acceptance(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    troubles = [Trouble.error(500), Trouble.error(502), Trouble.error(502, accepted=True)]
    telegram.plan("sendMessage", [*troubles, Trouble.cut_before(), Trouble.cut_after()])
    for name in ("500", "502", "502 kept", "cut", "cut kept"):
        with pytest.raises(NetworkError):
            await bot.send_message(person.user_id, name)
    assert [each.text for each in person.inbox] == ["502 kept", "cut kept"]
    await bot.send_message(person.user_id, "cut kept")
    assert telegram.repeated == {(person.user_id, "cut kept"): 2}
    assert [each.code for each in telegram.calls[1:]] == [500, 502, 502, 0, 0, 200]


async def test_slow_answer_is_accepted_and_times_out(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person()
    telegram.plan("*", [Trouble.slow(0.6)], chat_id=person.user_id)
    with pytest.raises(TimedOut):
        await bot.send_message(person.user_id, "late", read_timeout=0.2)
    assert [each.text for each in person.inbox] == ["late"]


async def test_random_trouble_repeats_with_its_seed(telegram: FakeTelegram, bot: Bot) -> None:
    person, met = telegram.person(), []
    kinds = (Trouble.error(500), Trouble.cut_before(), Trouble.cut_after())
    for _ in range(2):
        telegram.misbehave(seed=5, rate=0.5, kinds=kinds)
        before = len(telegram.troubles_met)
        for number in range(12):
            try:
                await bot.send_message(person.user_id, str(number))
            except NetworkError:
                continue
        met.append(telegram.troubles_met[before:])
    assert met[0] == met[1] and 2 < len(met[0]) < 12
    telegram.behave()
    await bot.send_message(person.user_id, "calm")


async def test_two_pollers_conflict(telegram: FakeTelegram, bot: Bot) -> None:
    async with Bot(telegram.token, base_url=telegram.base_url) as second:
        older = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.2)
        newer = asyncio.create_task(second.get_updates(timeout=5))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getupdates"):
            await older
        telegram.person().says("for the newer")
        assert len(await newer) == 1


async def test_webhook_shuts_pollers_out(telegram: FakeTelegram, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.2)
    await bot.set_webhook("https://example.invalid/hook", allowed_updates=["message"])
    with pytest.raises(Conflict, match=r"(?i)setwebhook"):
        await waiting
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match=r"(?i)https"):
        await bot.set_webhook("http://example.invalid/")


async def test_wrong_token(telegram: FakeTelegram) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("4242424242:somebody-else", base_url=telegram.base_url):
            pass
