"""One turn of conversation: a message comes in, rows go out. Start reading here.

`turn` decides in this order: seen before? button? file? a command word? a button's words? a short nod? danger,
secrets, misconduct? a receipt? what was expected? what staff asked? what the ears heard. It never sends and never
commits.
"""

from dialogs import corrections, files, flood, presses, receipts, service
from dialogs.acknowledgements import answer_nod, read_nod
from dialogs.choices import press_typed
from dialogs.commands import command_in_front, read_command
from dialogs.doubts import without_guesses
from dialogs.expectations import as_expected, as_staff_asked
from dialogs.guard import DANGER, UNTOLD, guard
from dialogs.incoming import MOST_CHARACTERS, Incoming
from dialogs.intents import by_intent
from dialogs.obeying import obey, obey_with_words
from dialogs.referrals import stay_near
from dialogs.secrecy import is_marked
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage import people
from storage.unit_of_work import UnitOfWork
from tickets.house import House
from tickets.masking import Masked, mask


def turn(uow: UnitOfWork, house: House, incoming: Incoming) -> str:
    """Handle one message and give the pseudonym of its person; a message seen before changes nothing."""
    # asked first: after 「删除我的信息」 a repeated delivery must not make the address known again
    handled = people.handled_for(uow, incoming.channel, incoming.key)
    if handled is not None:
        return handled
    person = people.find_or_make(uow, incoming.channel, incoming.address, incoming.at)
    said = mask(incoming.text[:MOST_CHARACTERS])
    message = people.remember(
        uow, person.pseudonym, incoming.channel, incoming.key, said.text, incoming.kind, incoming.at
    )
    talk = Talk(uow, house, person, people.conversation(uow, person.pseudonym), incoming, message)
    if incoming.kind == "button":
        presses.press(talk, incoming.payload)
    elif incoming.upload is not None:
        files.receive_file(talk, incoming.upload)
    else:
        _hear(talk, said)
    return person.pseudonym


def _hear(talk: Talk, said: Masked) -> None:
    text = said.text.strip()
    flooding = flood.floods(talk)
    if not any(char.isalnum() for char in text):
        _hear_nothing(talk, text, flooding)
    elif flooding:
        _hear_in_flood(talk, text, said)
    elif talk.incoming.edits is None and (command := read_command(text)) is not None:
        obey(talk, command, None)
    elif talk.incoming.edits is None and press_typed(talk, text):
        pass
    elif (nod := read_nod(text)) is not None:
        answer_nod(talk, nod)
    else:
        _understand(talk, text, said)


def _understand(talk: Talk, text: str, said: Masked) -> None:
    heard = talk.house.ears.parse(text, talk.now)
    kept = heard.intent not in UNTOLD and not is_marked(text)
    if guard(talk, heard):
        if heard.intent in DANGER:
            _keep_original(talk, said)
        return
    if kept:
        _keep_original(talk, said)
    if talk.incoming.edits is None or not corrections.correct(talk, talk.incoming.edits):
        _answer(talk, text, without_guesses(heard))
    if said.kinds:
        talk.say("other.personal_data")


def _answer(talk: Talk, text: str, heard: Understanding) -> None:
    handled, named = receipts.find_receipt(talk, text)
    if handled:
        return
    in_front = command_in_front(text)
    if in_front is not None:
        obey_with_words(talk, *in_front, named)
    elif named is not None and receipts.is_bare(text):
        service.tell_progress(talk, named)
    elif not as_expected(talk, heard) and not as_staff_asked(talk, heard):
        by_intent(talk, heard, named)


def _hear_nothing(talk: Talk, text: str, flooding: bool) -> None:
    """Nothing typed, or signs only."""
    waiting = talk.expecting() or {}
    if waiting.get("kind") in DANGER:
        stay_near(talk, waiting["kind"])
    elif flooding:
        flood.hold(talk, "")
    else:
        talk.say("other.emoji" if text else "other.empty")


def _hear_in_flood(talk: Talk, text: str, said: Masked) -> None:
    """Too many at once to answer each: danger is answered all the same, the rest is kept."""
    nod = read_nod(text)
    if nod is None and guard(talk, talk.house.ears.parse(text, talk.now)):
        return
    _keep_original(talk, said)
    flood.hold(talk, "" if nod else text)


def _keep_original(talk: Talk, said: Masked) -> None:
    """Words with personal data are stored masked; the original is sealed in the vault."""
    if said.kinds:
        original = talk.incoming.text.encode()
        talk.uow.vault.put(talk.uow.session, talk.person.pseudonym, "words", original, talk.now)
