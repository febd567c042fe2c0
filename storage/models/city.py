"""The city: counties, townships, units with their everyday names, leaders and their contact points."""

from sqlmodel import Field, SQLModel


class County(SQLModel, table=True):
    """A county or district of the city."""

    code: str = Field(primary_key=True)
    name: str


class Township(SQLModel, table=True):
    """A township or street; the level at which complaints may be counted, never shown to a unit."""

    code: str = Field(primary_key=True)
    name: str
    county_code: str = Field(foreign_key="county.code", index=True)


class Unit(SQLModel, table=True):
    """An office that makes demands and must answer for them."""

    code: str = Field(primary_key=True)
    name: str = Field(unique=True)
    short: str
    level: str  # city, county, township
    kind: str = ""
    county_code: str | None = Field(default=None, foreign_key="county.code")
    parent_code: str | None = Field(default=None, foreign_key="unit.code")
    leader_code: str | None = None  # the leader in charge, for escalation


class UnitAlias(SQLModel, table=True):
    """An everyday name of a unit: 民政, 民政局, 市民政局."""

    __tablename__ = "unit_alias"
    id: int | None = Field(default=None, primary_key=True)
    unit_code: str = Field(foreign_key="unit.code", index=True)
    alias: str = Field(index=True)


class Leader(SQLModel, table=True):
    """A member of the department's leadership, by post, not by name."""

    code: str = Field(primary_key=True)
    post: str


class ContactPoint(SQLModel, table=True):
    """A township that a leader looks after; used for escalation, hidden from units."""

    __tablename__ = "contact_point"
    id: int | None = Field(default=None, primary_key=True)
    leader_code: str = Field(foreign_key="leader.code", index=True)
    township_code: str = Field(foreign_key="township.code", unique=True)
