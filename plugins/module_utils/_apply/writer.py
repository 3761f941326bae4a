# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Writer: carries out one step of a plan, safely whichever way the service behaves.

Sources: [doc] Creating, Updating and Deleting a Resource; the numbered rules are those of docs/rules.md, each
explained where it is kept.
"""

from __future__ import annotations

from dataclasses import replace

from .._core.dotted import clears
from .._core.errors import (
    AnswerTimeoutError,
    AuthenticationError,
    ConflictError,
    DirectoryError,
    LostAnswerError,
    NotFoundError,
    NotStoredError,
    ProtocolError,
    RateLimitError,
    RefusedError,
    ServerError,
    TooLargeError,
    TransportError,
)
from .._core.names import near_matches, normalize_id, normalize_name, same_id, same_name, same_spelling, show
from .._scim.attributes import PINGONE_URN
from .._scim.members import member_patch, members_of
from .._scim.tables import GROUP, USER
from .._service.client import version_of
from .outcome import Outcome, StepError, partial_failure
from .twins import resolve_twins

CHUNK = 100  # members in one PATCH: the service's limit is not known


REFUSED_MEMBERS = 5  # single members refused after each other, when it is not they that are refused


# Seconds to wait before each further look at something that was written and does not show yet.
RE_READS = (0.5, 1.0, 2.0)


# Words with which a service says that a name is taken, for those that answer 400 instead of 409.
_TAKEN = ("exist", "in use", "unique", "taken", "duplicate", "already", "conflict")


# Attributes whose loss is never a matter of taste: an account stays open, or keeps another name.
_VITAL = ("active", USER.key.option, GROUP.key.option)


_CONSOLE = "console (Setup > Directory > Attributes)"


class Writer:
    """Carries out steps.

    :param lookup: finds objects by name where an answer was lost or a create refused.
    :param warn: called with one line.
    :param on_ignored: ``fail`` or ``warn``: what to do about attributes the service did not keep.
    :param known_ids: ids that existed before, or were made by this run: a create answered with one of them was an
        update (rule 5).
    """

    def __init__(self, client, lookup, warn, on_ignored="fail", known_ids=(), re_reads=RE_READS):
        self.client = client
        self.lookup = lookup
        self.warn = warn
        self.on_ignored = on_ignored
        # As ids are compared; one set for all writers of a run.
        self.known_ids = known_ids if isinstance(known_ids, set) else set(map(normalize_id, known_ids))
        self.re_reads = re_reads
        self.looks_for_twins = True  # after the create of a group; a run over a whole directory does it for all at once
        self.created = {}  # (kind, name in lower case) -> id, for members planned before they had one
        # Ids deleted, and (group id, member id) removed, as ids are compared: what a read that lags behind still shows.
        self.gone = set()

    def carry_out(self, step):
        """Carry out one step.

        :raises DirectoryError: it failed; a :class:`StepError` where part of it was done.
        """
        try:
            if step.action == "create":
                return self._create(step)
            if step.action == "delete":
                outcome = self._delete(step)
                self.gone.add(normalize_id(step.id))
                return outcome
            if step.action == "members":
                return self._change_members(step)
            if step.resource is GROUP:
                return self._rename_group(step)
            return self._update(step)
        except DirectoryError as error:
            error.during(step.attempt)
            raise

    # -- create ------------------------------------------------------------------------------------

    def _create(self, step):
        desired = step.desired
        resource = desired.resource
        desired_values = desired.for_create()
        body = resource.new(desired_values, desired.mode)
        before = self.lookup.listing_read(resource)
        try:
            answer = self.client.create(resource.endpoint, body, step.option)
        except RefusedError as refused:
            return self._adopt(step, self._why_refused(desired, refused))
        except LostAnswerError as lost:
            answer = self._after_lost_create(step, body, lost)
        if answer is None:
            answer = self._search_again(desired, thorough=True)
            if answer is None:
                raise ProtocolError("the service answered the create without saying what it made, and does not list it")
        sent = body[resource.key.path[0]]
        self._refuse_overwritten(resource, answer, sent, before)
        self.known_ids.add(normalize_id(answer["id"]))
        self.created[resource.kind, normalize_name(sent)] = answer["id"]
        outcome = self._settle_created(step, desired_values, answer)
        if resource is GROUP and self.looks_for_twins:
            return self._without_twin(step, outcome)
        return outcome

    def _refuse_overwritten(self, resource, answer, sent, listing):
        """Refuse an answer that shows an object which existed before the create (rule 5).

        An id that was not known before is the new object, also where the service stores its name in another spelling.

        :param listing: the objects of the kind as they were listed before the create; None: they were not.
        """
        name = resource.own_name(answer)
        object_id = normalize_id(answer["id"])
        existed = object_id in self.known_ids or (
            listing is not None and object_id in map(normalize_id, listing.items)
        )
        is_new = not existed and listing is not None and listing.complete
        if existed or (name and not same_name(name, sent) and not is_new and not near_matches(sent, [name])):
            raise ProtocolError(
                f"the service answered with {resource.kind} {show(resource.name_of(answer))} ({answer['id']}), which is another one: "
                "it treated the request as an update of it, and has probably overwritten it",
                hint="Compare that account with your records now",
            )

    def _report_spelling(self, step, answer):
        """Warn of a name that the service stored in another spelling than it was sent.

        :raises ConflictError: the next run would not find the object by the name it was created under.
        """
        name = step.resource.own_name(answer)
        if not name or name == step.key:
            return
        composition = " in another Unicode composition" if same_spelling(name, step.key) else ""
        told = f"the service stored the name as {show(name)}{composition} (id {answer['id']})"
        if not same_name(name, step.key):
            raise ConflictError(told, hint="Use the stored spelling, or every run creates another")
        self.warn(f"{step.label}: {told}")

    def _without_twin(self, step, outcome):
        """Look the name of a created group up once more, and withdraw the group where another task made one first."""
        own = outcome.representation
        try:
            self.lookup.forget(GROUP)
            twins = [group for group in self.lookup.groups_called(GROUP.own_name(own) or step.key) if not same_id(group["id"], own["id"])]
        except DirectoryError as error:
            self.warn(f"{step.label} was created, but whether another task created one of its name is not known: {error}")
            return outcome
        return self.settle_twins(step, outcome, twins)

    def settle_twins(self, step, outcome, twins):
        """The outcome of a created group beside others of its name that were made at the same moment.

        :raises StepError: both stay.
        """
        if not twins:
            return outcome
        own = outcome.representation
        try:
            stays = resolve_twins(self.client, own, twins, self.warn, self.re_reads)
        except DirectoryError as error:
            raise partial_failure(error.during(step.attempt), outcome) from error
        if stays is own:
            return outcome
        self.gone.add(normalize_id(own["id"]))
        self.known_ids.add(normalize_id(stays["id"]))
        self.created[GROUP.kind, normalize_name(step.key)] = stays["id"]
        return Outcome(False, stays, found=True)

    def _settle_created(self, step, desired_values, answer):
        """Compare what was made with the wish; an ``active: false`` that was not honored is written again."""
        desired = step.desired
        to_verify = desired.to_verify(desired_values)
        created = Outcome(True, answer)
        if desired.resource.own_name(answer):
            to_verify.pop(desired.resource.key.option, None)  # in whichever spelling: it is the new object
        try:
            self._report_spelling(step, answer)
            representation, missing = self._confirm(desired, step, answer["id"], to_verify, answer)
            if "active" in missing:
                return self._write(step, representation, dict(to_verify), created=True)
            return self._require_stored(step, Outcome(True, representation, missing))
        except DirectoryError as error:
            partly = partial_failure(error.during(step.attempt), created)
            raise partly from partly.__cause__  # which tells what was not kept

    def _why_refused(self, desired, refused):
        """The object that a refused create found in its way, or the refusal itself, raised."""
        if isinstance(
            refused, (AuthenticationError, NotFoundError, RateLimitError, TooLargeError)
        ) or refused.status not in (400, 409):
            raise refused
        words = (refused.detail or "").lower()
        if refused.status == 409 or any(word in words for word in _TAKEN):
            found = self._search_again(desired, thorough=True)
        else:
            # Most 400s say that the wish itself is not acceptable: one look, no waiting.
            found = self._search(desired)
        if found is None:
            raise refused
        return found

    def _after_lost_create(self, step, body, lost):
        """Rule 5: never repeat a create blindly; search first. A user is unique by name, a group is not."""
        desired = step.desired
        for attempt in (1, 2):
            try:
                found = self._search_again(desired)
            except DirectoryError as error:
                error.hint = "It may have been created all the same; running this again finds out"
                raise
            if found is not None:
                return found
            if desired.resource is GROUP:
                lost.hint = (
                    "It may have been created all the same; look for it before running this again, or there may be two"
                )
                raise lost
            if attempt == 1:
                try:
                    return self.client.create(desired.resource.endpoint, body, step.option)
                except LostAnswerError as again:
                    lost = again
                except RefusedError as refused:
                    # The first request did its work, and lists do not show it yet; or somebody was quicker.
                    return self._why_refused(desired, refused)
        lost.hint = "It may have been created all the same; running this again finds out"
        raise lost

    def _adopt(self, step, found):
        """Somebody else made it in between (or lists lag behind): go on as if it had been found at first."""
        desired = step.desired
        known = found.get("externalId")
        desired_values = desired.values.get("external_id")
        if known and desired_values and known != desired_values:
            raise ConflictError(
                f"{desired.label} exists by now and has another external_id ({show(known)}): it is somebody else",
                hint=f"Give id: {found['id']} if it is the same person after all",
            )
        self._refuse_changed(step, found)
        # Memberships planned for whom this task was about to create are this one's.
        self.created[desired.resource.kind, normalize_name(desired.rename_to or desired.name)] = found["id"]
        changes = desired.resource.changes(desired.for_update(found), found, desired.mode)
        if not changes:
            return Outcome(False, found, found=True)
        if desired.resource is GROUP:
            return Outcome(False, found, found=True)
        # It was found in a list, and what a list shows need not be all there is to send back (rule 7).
        found = self.client.get(USER.endpoint, found["id"])
        self._refuse_changed(step, found)
        outcome = self._write(step, found)
        outcome.found = True
        return outcome

    def _search(self, desired, thorough=False):
        """The wished object by its name, read anew; None where it does not show.

        :param thorough: read everything, whatever a filter says: the service has just contradicted it.
        """
        name = desired.rename_to or desired.name
        if thorough:
            return self.lookup.from_listing(desired.resource, name)
        self.lookup.forget(desired.resource)
        return self.lookup.user(name) if desired.resource is USER else self.lookup.group(name)

    def _search_again(self, desired, thorough=False):
        """The same, waiting a little for lists that lag behind; the last look is a thorough one.

        :param thorough: the first one, too.
        """
        delays = (0, *self.re_reads)
        for number, delay in enumerate(delays, 1):
            if delay:
                self.client.sleep(delay)
            found = self._search(desired, thorough if number == 1 else number == len(delays))
            if found is not None:
                return found
        return None

    # -- update ------------------------------------------------------------------------------------

    def _update(self, step):
        """Rule 7: a fresh GET, managed keys changed, everything else sent back as read.

        :raises ConflictError: it is no longer what the plan was made for.
        """
        fresh = self._fresh(step)
        if not self._differs(step.desired, step.desired.for_update(fresh), fresh):
            return Outcome(False, fresh)
        self._refuse_changed(step, fresh)
        return self._write(step, fresh)

    def _write(self, step, fresh, desired_values=None, created=False):
        """PUT over a representation just read.

        Somebody else's change in between shows, where the service has versions at all, as 409 or 412: read again
        and tried once more (rule 17).

        :param wished: what to write; None: the wish for an update.
        :param created: the object was created by this step, and is changed whatever comes of the PUT.
        """
        desired = step.desired
        try:
            return self._write_user(step, fresh, desired.for_update(fresh) if desired_values is None else desired_values, created)
        except (ConflictError, StepError) as error:
            conflict = error.__cause__ if isinstance(error, StepError) else error
            if not isinstance(conflict, ConflictError):
                raise
            # An earlier PUT of this step was accepted, or did its work although its answer was lost.
            changed = conflict.repeated or isinstance(error, StepError) and error.outcome.changed
        fresh = self._fresh_again(step, fresh)
        again = desired.for_update(fresh) if desired_values is None else desired_values
        if not self._differs(desired, again, fresh):
            return Outcome(changed or created, fresh)
        self._refuse_changed(step, fresh)
        try:
            outcome = self._write_user(step, fresh, again, created)
        except DirectoryError as error:
            raise (partial_failure(error.during(step.attempt), Outcome(True, fresh)) if changed else error) from error
        outcome.changed = outcome.changed or changed
        return outcome

    @staticmethod
    def _refuse_changed(step, fresh):
        """Refuse what the plan was not made for: minutes may lie between reading a directory and writing to it."""
        reason = step.precondition(fresh) if step.precondition is not None else None
        if reason:
            raise ConflictError(
                f"{step.label} has changed since the plan was made: {reason}", hint="Run again"
            )

    @staticmethod
    def _differs(desired, desired_values, representation):
        return bool(desired.resource.changes(desired_values, representation, desired.mode)) or any(
            desired.resource.attributes[name].secret and value for name, value in desired_values.items()
        )

    def _fresh(self, step, resource_id=None):
        """The object as it is now.

        A read may lag behind a change that the plan was made from. Sent back, it would undo that change: where the
        two differ, and their times of change say that the read is the older one, it is read again, a few times.

        :param resource_id: its id, of a step that has none.
        :raises NotFoundError: it is gone.
        :raises ConflictError: it still is the older one.
        """
        resource = step.resource
        for delay in (0, *self.re_reads):
            if delay:
                self.client.sleep(delay)
            try:
                fresh = self.client.get(resource.endpoint, resource_id or step.id)
            except NotFoundError as error:
                raise NotFoundError(
                    f"{resource.kind} {resource_id or step.id} is gone: somebody deleted it since it was read",
                    status=error.status,
                    detail=error.detail,
                ) from error
            if not _is_older(fresh, step.before) or resource.to_options(fresh) == resource.to_options(step.before):
                return fresh
        raise ConflictError(
            f"{resource.kind} {resource_id or step.id} is shown as it was before the change that the plan was made from",
            hint="Run again in a while",
        )

    def _fresh_again(self, step, refused):
        """The object after its version was refused; reads may lag behind, so one of the same version is no news."""
        for delay in (0, *self.re_reads):
            if delay:
                self.client.sleep(delay)
            fresh = self._fresh(step, refused["id"])
            if version_of(fresh) is None or version_of(fresh) != version_of(refused):
                break
        return fresh

    def _without_gone(self, representation, key):
        """A representation to PUT, without memberships this run has ended: a read may lag behind, and the PUT
        of a group, or of a user where the service applies its ``groups``, would bring them back."""
        items = representation.get(key)
        if not self.gone or not isinstance(items, list):
            return representation

        def stays(item):
            other = normalize_id(item.get("value") if isinstance(item, dict) else item)
            own = normalize_id(representation["id"])
            pair = (own, other) if key == "members" else (other, own)
            return other not in self.gone and pair not in self.gone

        return {**representation, key: [item for item in items if stays(item)]}

    def _write_user(self, step, base, desired_values, created=False):
        """PUT the wish over a representation just read, and hold the answer against the wish.

        What was cleared and stays is written once more as an empty value (rule 9); an ``active`` that
        was not honored once more without ``state``, which may be what decides (rule 10).
        """
        desired = step.desired
        resource = desired.resource
        to_verify = desired.to_verify(desired_values)
        body = self._without_gone(resource.updated(desired_values, base, desired.mode), "groups")
        representation, missing = self._replace(desired, step, base, body, to_verify)
        blank = {name.split(".")[0] for name in missing if clears(to_verify, name)}
        if missing and (blank or "active" in missing):
            body = self._without_gone(resource.updated(desired_values, representation, desired.mode, blank), "groups")
            if "active" in missing and isinstance(body.get(PINGONE_URN), dict):
                body[PINGONE_URN] = {name: value for name, value in body[PINGONE_URN].items() if name != "state"}
            first = self._outcome_of(desired, desired_values, base, representation, missing, created)
            try:
                representation, missing = self._replace(desired, step, representation, body, to_verify)
            except DirectoryError as error:
                if isinstance(error, ConflictError):
                    raise (partial_failure(error, first) if first.changed else error) from error
                if error.fatal or not isinstance(error, RefusedError):
                    # What the first PUT has done stays done.
                    raise (partial_failure(error.during(step.attempt), first) if first.changed else error) from error
        return self._require_stored(step, self._outcome_of(desired, desired_values, base, representation, missing, created))

    def _replace(self, desired, step, base, body, to_verify):
        resource = desired.resource
        try:
            answer = self.client.replace(resource.endpoint, base["id"], body, version_of(base))
        except (ServerError, TransportError, RefusedError) as error:
            refused = isinstance(error, RefusedError)
            if isinstance(error, ConflictError) or not (error.repeated if refused else error.uncertain):
                raise
            if refused:
                error.hint = "An earlier attempt of it was not answered, and may have been carried out"
            # It may have been carried out. If it shows now, it has been; if not, nothing more is known.
            try:
                representation, missing = self._read_until(desired, base["id"], to_verify, (0,))
            except DirectoryError:
                raise error from None
            if representation is None or missing or not to_verify or not resource.changes(to_verify, base, desired.mode):
                raise
            return representation, missing
        return self._read_back(desired, step, base, to_verify, answer)

    def _read_back(self, desired, step, base, to_verify, answer):
        """What :meth:`_confirm` gives for an update; where it cannot be read, the update is told as done."""
        try:
            return self._confirm(desired, step, base["id"], to_verify, answer, version_of(base))
        except DirectoryError as error:
            error.hint = f"The service accepted the change of {step.label}, and it could not be read back"
            raise partial_failure(error.during(step.attempt), Outcome(True)) from error

    def _confirm(self, desired, step, resource_id, to_verify, answer, old_version=None):
        """The object as it is after a write, and the option names that are not as wished (rule 8).

        :param answer: what the write was answered with; None: nothing, so it is read.
        :param old_version: the version before the write, by which a read that lags behind is known.
        """
        not_shown = None
        if answer is not None and same_id(answer["id"], resource_id):
            not_shown = _not_as_desired(desired, to_verify, answer)
            if not not_shown:
                return answer, []

        def lags(read, missing):
            if read is None:
                return old_version is not None
            if old_version is not None and version_of(read) == old_version:
                return True
            # What the answer showed has been kept: a read without it is older than the write.
            return not_shown is not None and not set(missing) <= set(not_shown)

        delays = (0, *self.re_reads) if not_shown is None else (0,)
        representation, missing = self._read_until(desired, resource_id, to_verify, delays, lags)
        if representation is None:
            if answer is None:
                raise ProtocolError(f"{step.label} ({resource_id}) was written, and cannot be read back")
            return answer, _not_as_desired(desired, to_verify, answer)
        return representation, [name for name in missing if not_shown is None or name in not_shown]

    def _read_until(self, desired, resource_id, to_verify, delays, lags=lambda read, missing: False):
        """Read an object until it is as wished: (representation or None, option names that are not).

        :param delays: seconds to wait before each read.
        :param lags: whether a read, or None for an object that is not found, is older than the write: then the
            delays of :data:`RE_READS` follow.
        """
        representation, missing = None, []
        for delay in (0, *self.re_reads):
            if delay not in delays and not lags(representation, missing):
                break
            if delay:
                self.client.sleep(delay)
            try:
                representation = self.client.get(desired.resource.endpoint, resource_id)
            except NotFoundError:
                continue  # lists and reads may lag behind writes
            missing = _not_as_desired(desired, to_verify, representation)
            if not missing:
                break
        return representation, missing

    @staticmethod
    def _outcome_of(desired, desired_values, base, representation, missing, created):
        """What a PUT changed: with attributes not kept, ``changed`` tells about those that were."""
        resource = desired.resource
        changed = created or not missing
        if not changed:
            kept = [name for name in _not_as_desired(desired, desired_values, base) if name not in missing]
            before, after = resource.to_options(base), resource.to_options(representation)
            options = {name.split(".")[0] for name in missing}
            sent_secret = any(resource.attributes[name].secret and value for name, value in desired_values.items())
            changed = bool(kept) or sent_secret or any(before.get(name) != after.get(name) for name in options)
        return Outcome(changed, representation, missing)

    def _require_stored(self, step, outcome):
        """Fail or warn about what was not kept; vital attributes always fail."""
        if not outcome.not_stored:
            return outcome
        vital = [name for name in outcome.not_stored if name in _VITAL]
        shown, decided = vital, False
        if not vital:
            shown, decided = step.desired.resource.not_stored(
                outcome.not_stored, step.desired.values, outcome.representation or {}
            )
        reason = f"the service accepted the write but did not keep {', '.join(shown)}"
        cause = "The service stores a value of its own" if decided else f"It may have to be enabled in the {_CONSOLE}"
        if vital or self.on_ignored == "fail":
            error = NotStoredError(
                reason,
                attributes=outcome.not_stored,
                hint="" if vital else f"{cause}; on_ignored_attribute: warn goes on without it",
            ).during(step.attempt)
            raise partial_failure(error, outcome)
        self.warn(f"{step.label}: {reason}. {cause}. Until then every run writes it again")
        return outcome

    # -- groups ------------------------------------------------------------------------------------

    def _rename_group(self, step):
        """Rule 13; where the service has versions, a conflict is read again and tried once more (rule 17)."""
        fresh = self._fresh(step)
        try:
            return self._rename_as_read(step, fresh)
        except ConflictError as conflict:
            fresh = self._fresh_again(step, fresh)
            if version_of(fresh) is None:
                raise  # nothing that could be another version by now: the name is taken
            outcome = self._rename_as_read(step, fresh)
            # Called so by now: our first request did its work and its repetition was refused, or somebody did the same.
            outcome.changed = outcome.changed or conflict.repeated
            return outcome

    def _rename_as_read(self, step, fresh):
        """PATCH of the name first, which cannot lose members; else PUT of all that was read."""
        desired = step.desired
        desired_values = desired.for_update(fresh)
        if not self._differs(desired, desired_values, fresh):
            return Outcome(False, fresh)
        self._refuse_changed(step, fresh)
        answer = None
        try:
            answer = self.client.patch(
                GROUP.endpoint, step.id, {"displayName": desired_values["display_name"]}, etag=version_of(fresh)
            )
        except (AuthenticationError, ConflictError, RateLimitError):
            raise
        except RefusedError:
            pass
        else:
            representation, missing = self._read_back(desired, step, fresh, desired_values, answer)
            if not missing:
                return Outcome(True, representation)
        read = self._fresh(step)
        self._refuse_changed(step, read)
        before = self._without_gone(read, "members")
        body = GROUP.updated(desired_values, before, desired.mode)
        representation, missing = self._replace(desired, step, read, body, desired_values)
        return self._require_stored(step, Outcome(not missing, self._restore_members(step, before), missing))

    def _restore_members(self, step, before):
        """After a PUT of a group: put back by PATCH whoever it lost.

        :raises StepError: it cannot be told whom, or they cannot be put back; the group is renamed all the same.
        """
        had = members_of(before)
        lost = []
        try:
            now = self.client.get(GROUP.endpoint, step.id)
            lost = [member for member_id, member in had.items() if member_id not in members_of(now)]
            if lost:
                self.warn(f"{step.label} lost {len(lost)} members when it was renamed; they are put back")
                now = self._write_members(step, lost, [])
        except DirectoryError as error:
            error.hint = (
                f"The rename cost the group members {', '.join(member.id for member in lost)}: put them back"
                if lost
                else f"The group was renamed, and could not be read back: see whether it still has its {len(had)} members"
            )
            raise StepError(error.during(step.attempt), Outcome(True)) from error
        return now

    def _change_members(self, step):
        """Rule 12: PATCH of the difference, in chunks, verified once."""
        group_id = step.id or self.created.get((GROUP.kind, normalize_name(step.key)))
        if group_id is None:
            raise DirectoryError(f"{step.label} does not exist: it could not be created before")
        step = replace(step, id=group_id)
        add = [member if member.id else member._replace(id=self._id_of(member)) for member in step.add]
        representation = self._write_members(step, add, step.remove)
        return Outcome(True, representation, added=add, removed=list(step.remove))

    def _id_of(self, member):
        member_id = self.created.get((member.kind, normalize_name(member.name or "")))
        if member_id is None:
            raise DirectoryError(f"{member.kind} {show(member.name)} does not exist: it could not be created before")
        return member_id

    def _write_members(self, step, add, remove):
        """PATCH members in chunks and verify: the group as it is then.

        :raises StepError: part of it was done; its outcome says which.
        """
        wanted, unwanted = {member.key for member in add}, {member.key for member in remove}
        answer, failure = None, None
        accepted = {True: [], False: []}  # removed, added: what a 2xx was said to
        try:
            # Apart from each other: a removal refused because its member is gone must not cost an addition.
            for members, removing in ((remove, True), (add, False)):
                answer = self._patch_members(step, members, removing, accepted[removing]) or answer
        except DirectoryError as error:
            failure = error
        try:
            representation, missing, left = self._verify_members(step, wanted, unwanted, answer, failure is not None)
        except DirectoryError as error:
            error.hint = "The service accepted the change of members, and it could not be read back"
            raise partial_failure(error.during(step.attempt), Outcome(True, added=list(add), removed=list(remove))) from error
        group_id = normalize_id(step.id)
        self.gone.difference_update((group_id, member_id) for member_id in wanted)
        self.gone.update((group_id, member_id) for member_id in unwanted - left)
        if not missing and not left:
            # A removal refused with 400 or 404 because the member was gone already is no failure.
            return representation
        if failure is None:
            told = [f"{len(missing)} were not added ({', '.join(sorted(missing)[:5])})"] if missing else []
            told += [f"{len(left)} were not removed ({', '.join(sorted(left)[:5])})"] if left else []
            failure = NotStoredError(
                f"the service accepted the change of members, but of them {' and '.join(told)}", attributes=("members",)
            )
        if representation is None:
            if accepted[True] or accepted[False]:
                # It cannot be read: what the service accepted counts as done.
                raise partial_failure(
                    failure.during(step.attempt), Outcome(True, added=accepted[False], removed=accepted[True])
                )
            raise failure
        added = [member for member in add if member.key not in missing]
        removed = [member for member in remove if member.key not in left]
        raise partial_failure(
            failure.during(step.attempt), Outcome(bool(added or removed), representation, added=added, removed=removed)
        )

    def _patch_members(self, step, members, removing, accepted):
        """PATCH one kind of change in chunks, halved when they are too much; the last answer.

        An addition that is refused is halved until the members are known that it is refused for: they cost nobody else
        a place, unless there are many of them, when it is not them that is refused.

        :param accepted: list to which members are added as soon as the service has accepted them.
        :raises DirectoryError: the first refusal, after all others were tried.
        """
        queue = list(members)
        most = size = CHUNK
        answer = None
        refusals: list[RefusedError] = []
        while queue:
            chunk = queue[:size]
            body = member_patch(remove=chunk) if removing else member_patch(add=chunk)
            try:
                answer = self._patch_chunk(step, body, len(chunk) > 1)
            except (TooLargeError, AnswerTimeoutError):
                if len(chunk) == 1:
                    raise
                most = size = len(chunk) // 2
                continue
            except RefusedError as refused:
                if refused.status not in (400, 404):
                    raise
                if removing:
                    # A member that is gone already may be what was refused: ask again for those still there.
                    there = members_of(self.client.get(GROUP.endpoint, step.id))
                    rest = [member for member in chunk if member.key in there]
                    if len(rest) == len(chunk):
                        raise
                    queue[:size] = rest
                    continue
                if len(chunk) > 1:
                    size = len(chunk) // 2
                    continue
                refusals.append(refused)
                if len(refusals) == REFUSED_MEMBERS:
                    raise
            else:
                accepted.extend(chunk)
            queue = queue[len(chunk) :]
            size = min(most, size * 2)
        if refusals:
            raise refusals[0]
        return answer

    def _patch_chunk(self, step, body, raise_timeout):
        """PATCH one chunk; a difference needs no If-Match, unless the service demands one (rule 17)."""
        try:
            return self.client.patch(GROUP.endpoint, step.id, body, raise_timeout)
        except ConflictError as error:
            conflict = error
        for delay in (0, *self.re_reads):
            if delay:
                self.client.sleep(delay)
            try:
                version = version_of(self.client.get(GROUP.endpoint, step.id))
            except NotFoundError:
                continue  # a group made a moment ago
            if version is None:
                break
            try:
                return self.client.patch(GROUP.endpoint, step.id, body, raise_timeout, version)
            except ConflictError as error:
                # Somebody else was quicker, or the read lags behind: the difference is still what is to be done.
                conflict = error
        raise conflict

    def _verify_members(self, step, wanted, unwanted, answer, failed):
        """(the group, ids not there, ids still there): from the answer where it shows the members, else read."""
        if not failed and answer is not None and same_id(answer["id"], step.id) and "members" in answer:
            ids = members_of(answer).keys()
            if wanted <= ids and not unwanted & ids:
                return answer, set(), set()
        representation, missing, left = None, wanted, unwanted
        for delay in (0, *self.re_reads):
            if delay:
                self.client.sleep(delay)
            try:
                representation = self.client.get(GROUP.endpoint, step.id)
            except NotFoundError:
                continue
            except DirectoryError:
                if failed:
                    break  # the write failed too: that is what there is to tell
                raise
            ids = members_of(representation).keys()
            missing, left = wanted - ids, unwanted & ids
            if not missing and not left:
                break
        return representation, missing, left

    # -- delete ------------------------------------------------------------------------------------

    def _delete(self, step):
        """Rule 14: look first; gone already is unchanged; afterwards it has to be gone."""
        resource = step.resource
        try:
            fresh = self._fresh(step)
        except NotFoundError:
            return Outcome(False, None)
        self._refuse_changed(step, fresh)
        try:
            self.client.delete(resource.endpoint, step.id)
        except NotFoundError as error:
            return Outcome(error.repeated, None)
        except (ServerError, TransportError) as error:
            if error.uncertain and self._seems_gone(resource, step.id):
                return Outcome(True, None)
            raise
        try:
            gone = self._is_gone(resource, step.id, (0, *self.re_reads))
        except DirectoryError as error:
            error.hint = f"The service accepted the deletion of {step.label}, and it could not be read back"
            raise partial_failure(error.during(step.attempt), Outcome(True)) from error
        if not gone:
            raise partial_failure(
                NotStoredError(f"the service accepted the deletion of {step.label}, and still shows it").during(
                    step.attempt
                ),
                Outcome(False, fresh),
            )
        return Outcome(True, None)

    def _seems_gone(self, resource, resource_id):
        try:
            return self._is_gone(resource, resource_id, (0,))
        except DirectoryError:
            return False  # not known: what there is to tell is that the deletion failed

    def _is_gone(self, resource, resource_id, delays):
        for delay in delays:
            if delay:
                self.client.sleep(delay)
            try:
                self.client.get(resource.endpoint, resource_id)
            except NotFoundError:
                return True
        return False


def _is_older(representation, other):
    """Whether a representation is from before another one of the same object, as far as their times of change tell."""
    one, two = _changed_at(representation), _changed_at(other)
    return one is not None and two is not None and one < two


def _changed_at(representation):
    """When the service says that an object was changed ([recorded], milliseconds); None: it does not say."""
    extension = (representation or {}).get(PINGONE_URN)
    changed = extension.get("lastModifiedTimeStamp") if isinstance(extension, dict) else None
    return changed if isinstance(changed, int) and not isinstance(changed, bool) else None


def _not_as_desired(desired, to_verify, representation):
    """The option names, dotted, of what a representation has otherwise than wished."""
    return [name for name, _before, _after in desired.resource.changes(to_verify, representation, desired.mode)]
