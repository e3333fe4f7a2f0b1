"""The records of the task table: what a task takes, what it gives, and how it is run.

One row per Hub task stands in `task_table.py`. Argument schemas, type checks, planning, retrieval and the
documentation all come from these rows, so a new task is one row and one test.

Values travel between tools in a few plain shapes, named by kind:

    text     str, or a file's handle, "text-1"       image, audio, video, table   a handle, such as "image-1"
    number   int or float                            model3d                      a handle
    labels   [{"label", "score"}], best first     boxes   [{"label", "score", "box": {xmin, ymin, xmax, ymax}}], pixels
    spans    [{"text", "label", "score", "start", "end"}], characters
    masks    [{"label", "score", "mask": image handle}]
    points   [{"x", "y", "score"}], pixels           vector  [float]              json    any other plain value
"""

from __future__ import annotations

from dataclasses import dataclass

MEDIA_KINDS = ("image", "audio", "video", "table", "model3d")
STRUCTURED_KINDS = ("labels", "boxes", "spans", "masks", "points", "vector")
KINDS = (*MEDIA_KINDS, "text", "number", *STRUCTURED_KINDS, "json")


@dataclass(frozen=True, slots=True)
class Slot:
    """One input or output of a task.

    `about` is read by people and by language models. `many` means a list of values. An optional slot that is
    not given is left out of the call, so that the model's own default holds.
    """

    name: str
    kind: str
    about: str
    required: bool = True
    many: bool = False

    @property
    def is_media(self) -> bool:
        return self.kind in MEDIA_KINDS


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the task table.

    `does` is one sentence for the reader. `asks` are ways people ask for it, in our own words: they rank the
    search and feed the planner. `runner` names the adapter in `tools/runners` that runs it, or is empty when
    nothing here can. `needs` lists what every model of the task needs beyond the default install.
    `architectures` are endings of model classes that were trained for it, for folders that carry no card.
    `stands_in` are tasks whose tool may be taken when there is none for this one, `falls_back` those that can answer
    the same wish when a result is of no use, both the closest first. `makes` are the kinds for which it is the usual
    way, from the kind of its first input.
    """

    id: str
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    does: str
    asks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    runner: str = ""
    needs: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    stands_in: tuple[str, ...] = ()
    falls_back: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()

    @property
    def output(self) -> Slot:
        """The primary output: what the next step gets."""
        return self.outputs[0]

    @property
    def media(self) -> tuple[Slot, ...]:
        """The inputs that are files."""
        return tuple(slot for slot in self.inputs if slot.is_media)

    @property
    def builtin(self) -> bool:
        """True for the few things that no model should be asked to do."""
        return self.runner == "builtin"

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.inputs if slot.name == name), None)
