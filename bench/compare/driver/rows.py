"""The rows that all servers have: the same at every run, without randomness outside a fixed seed."""

import csv
import datetime
import hashlib
import json
import random
import uuid
from dataclasses import dataclass

USERS = 1000
PUBLIC_SPACES = 10_000
PRIVATE_SPACES = 500
# Each has 100 messages and 40 members; the measured communities have all users.
OTHER_COMMUNITIES = 47
OTHER_MESSAGES = 100
OTHER_MEMBERS = 40

EPOCH = datetime.datetime(2024, 1, 1)
CATEGORIES = ["board_game", "card_game", "rpg", "strategy", "puzzle", "trivia", "social", "other"]
ADJECTIVES = "Amber Brave Calm Dark Eager Frozen Gentle Hidden Iron Jolly Keen Lost Misty Noble Old Proud".split()
NOUNS = "Dragon Castle Forest Harbor Island Jungle Kingdom Library Market Ocean Palace Quarry River Station".split()
TAGS = "fun multiplayer solo ranked beta classic fast story".split()
WORDS = """the a of and to in is you that it he was for on are as with his they at be this have from or one had by word but
not what all were we when your can said there use an each which she do how their if will up other about out many then them
these so some her would make like him into time has look two more write go see number no way could people""".split()


@dataclass(frozen=True)
class Sizes:
    """`rooms` is the number of messages of each measured community."""

    rooms: tuple[int, ...]
    public_spaces: int = PUBLIC_SPACES
    private_spaces: int = PRIVATE_SPACES
    others: int = OTHER_COMMUNITIES


def identifier(kind, number):
    """Returns the id of the row with this number, a UUID of version 4 in its form."""
    return str(uuid.UUID(bytes=hashlib.md5(f"{kind} {number}".encode()).digest(), version=4))


def token(number):
    """Returns the session token of the user with this number."""
    return hashlib.sha256(f"session {number}".encode()).hexdigest()


def community(number):
    """Returns the id of a community. The measured ones come first."""
    return identifier("community", number)


def time(seconds):
    return (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def sent(message):
    """Returns when a message of a community was sent, in seconds. Numbers begin with 1."""
    return 2_000_000 + message * 3


class Rows:
    """Tables as iterators of rows, in an order in which they can refer to one another."""

    def __init__(self, sizes):
        self.sizes = sizes
        self.random = random.Random(20240607)
        self.users = [identifier("user", number) for number in range(USERS)]
        total = sizes.public_spaces + sizes.private_spaces
        self.private = set(self.random.sample(range(total), sizes.private_spaces))
        self.spaces = [identifier("space", number) for number in range(total)]
        self.communities = range(len(sizes.rooms) + sizes.others)
        self.texts = [self.words(4, 40) for _ in range(5000)]

    def words(self, least, most):
        return " ".join(self.random.choices(WORDS, k=self.random.randrange(least, most)))

    def public_spaces(self, count):
        """Returns the ids of public spaces."""
        public = [space for number, space in enumerate(self.spaces) if number not in self.private]
        return random.Random(1).sample(public, min(count, len(public)))

    def members(self, number):
        """Returns the members of a community, its creator first."""
        if number < len(self.sizes.rooms):
            return self.users
        return random.Random(number).sample(self.users, OTHER_MEMBERS)

    def tables(self):
        """Yields each table's name, columns and rows."""
        yield "users", *self.user_rows()
        yield "sessions", *self.session_rows()
        yield "spaces", *self.space_rows()
        yield "space_sessions", *self.space_session_rows()
        yield "participants", *self.participant_rows()
        yield "communities", *self.community_rows()
        yield "members", *self.member_rows()
        yield "messages", *self.message_rows()

    def write(self, folder):
        """Writes each table as a CSV file with a head."""
        for name, columns, rows in self.tables():
            with open(folder / f"{name}.csv", "w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns.split())
                writer.writerows(rows)

    def user_rows(self):
        picture = "https://img.example.test/avatars/{}.png".format
        return "id name email image created_at", (
            [user, f"User {number}", f"user{number}@example.test", picture(user) if number % 10 else "", time(number)]
            for number, user in enumerate(self.users))

    def session_rows(self):
        return "id token token_hash user_id created_at", (
            [identifier("session", number), token(number), hashlib.sha256(token(number).encode()).hexdigest(), user,
             time(number)]
            for number, user in enumerate(self.users))

    def space_rows(self):
        def row(number, space):
            difficulty = self.random.choice(["easy", "normal", "hard"])
            definition = {"iframeUrl": f"https://play.example.test/{space}", "maxPlayers": self.random.randrange(2, 17),
                          "settings": {"difficulty": difficulty, "rounds": self.random.randrange(1, 11)}}
            name = f"{self.random.choice(ADJECTIVES)} {self.random.choice(NOUNS)} {number}"
            return [space, self.random.choice(self.users), name, self.words(8, 30), self.random.choice(CATEGORIES),
                    json.dumps(self.random.sample(TAGS, self.random.randrange(5))), json.dumps(definition),
                    number not in self.private, time(100_000 + number * 61)]

        return ("id owner_id name description category tags definition is_public created_at",
                (row(number, space) for number, space in enumerate(self.spaces)))

    def space_session_rows(self):
        """No session, or up to three, for each space."""
        def rows():
            for number, space in enumerate(self.spaces):
                for session in range(number % 4):
                    status = self.random.choice(["waiting", "active", "finished"])
                    yield [identifier("space session", number * 4 + session), space, status,
                           time(1_000_000 + number * 7 + session)]

        return "id space_id status created_at", rows()

    def participant_rows(self):
        """One to three users for each session."""
        def rows():
            for number in range(len(self.spaces)):
                for session in range(number * 4, number * 4 + number % 4):
                    for user in self.random.sample(self.users, self.random.randrange(1, 4)):
                        yield [identifier(f"participant {session}", user), identifier("space session", session), user,
                               self.random.random() < 0.7, time(1_100_000 + session)]

        return "id session_id user_id is_connected joined_at", rows()

    def community_rows(self):
        def row(number):
            name = f"{self.random.choice(ADJECTIVES)} {self.random.choice(NOUNS)} Club {number}"
            members = self.members(number)
            return [community(number), members[0], name, self.words(10, 20), self.random.choice(CATEGORIES),
                    len(members), time(5000 + number)]

        return ("id creator_id name description category member_count created_at",
                (row(number) for number in self.communities))

    def member_rows(self):
        return "id community_id user_id role joined_at", (
            [identifier(f"member {number}", user), community(number), user, "member" if place else "creator",
             time(6000 + place)]
            for number in self.communities for place, user in enumerate(self.members(number)))

    def message_rows(self):
        """A message each three seconds; `number` counts those of a community."""
        def rows():
            for number in self.communities:
                measured = number < len(self.sizes.rooms)
                members = self.members(number)
                for message in range(1, (self.sizes.rooms[number] if measured else OTHER_MESSAGES) + 1):
                    author, text = self.random.choice(members), self.random.choice(self.texts)
                    yield [identifier(f"message {number}", message), community(number), message, author, text,
                           time(sent(message))]

        return "id community_id number user_id content created_at", rows()
