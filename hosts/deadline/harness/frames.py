"""Frame lists of a job: `1-10`, `1,5,9`, `1-100x5`, `10-1`."""

import re

_PART = re.compile(r"(-?\d+)(?:-(-?\d+)(?:(?:x|step|by|every)(\d+))?)?$", re.IGNORECASE)


def parse_frames(text):
    """The frames in the order given, each once. Raises ValueError on anything else."""
    frames = []
    for part in re.split(r"[,\s]+", text.strip()):
        match = _PART.match(part)
        if not match:
            raise ValueError('"%s" is not a frame list' % text)
        first = int(match.group(1))
        last = int(match.group(2)) if match.group(2) else first
        step = int(match.group(3) or 1)
        if step < 1:
            raise ValueError('"%s" has a step of 0' % text)
        frames += range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    return list(dict.fromkeys(frames))


def chunks(frames, size):
    """The frames of each task: neighbors of the list, `size` at a time, and never across a gap."""
    tasks = []
    for frame in frames:
        if tasks and len(tasks[-1]) < size and frame == tasks[-1][-1] + 1:
            tasks[-1].append(frame)
        else:
            tasks.append([frame])
    return tasks
