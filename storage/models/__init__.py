"""All tables, named in the singular; one file per group of nouns."""

from storage.models.city import ContactPoint, County, Leader, Township, Unit, UnitAlias
from storage.models.coordination import Lease, Rate
from storage.models.handling import Answer, Assignment, Rating
from storage.models.keeping import Audit, AuditSeal, Tombstone
from storage.models.login import AnswerLink, Credential, Invitation, LoginGuard, LoginSession, RecoveryCode
from storage.models.outbox import Outbox
from storage.models.schedule import ScheduleSlot
from storage.models.special import SpecialCase, Unsealing
from storage.models.staff import Duty, LoginLink, Staff, StaffRole
from storage.models.talk import Attachment, Conversation, HumanRequest, Message, Person, SeenMessage
from storage.models.ticket import Event, Ticket
from storage.models.vault import VaultEntry

__all__ = [
    "Answer", "AnswerLink", "Assignment", "Attachment", "Audit", "AuditSeal", "ContactPoint", "Conversation", "County",
    "Credential", "Duty", "Event", "HumanRequest", "Invitation", "Leader", "Lease", "LoginGuard", "LoginLink",
    "LoginSession", "Message", "Outbox", "Person", "Rate", "Rating", "RecoveryCode", "ScheduleSlot", "SeenMessage",
    "SpecialCase", "Staff", "StaffRole", "Ticket", "Tombstone", "Township", "Unit", "UnitAlias", "Unsealing",
    "VaultEntry",
]  # fmt: skip
