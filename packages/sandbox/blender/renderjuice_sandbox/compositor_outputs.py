"""File Output nodes of the compositor: kept inside the job's folder, and collected after each frame."""

import os

from .output_files import files_below, move_file
from .safe_name import frame_number, safe_name, safe_relative_path


class CompositorOutputs:
    """Every File Output node writes into a folder of its own below `partial_dir`."""

    def __init__(self, scene, partial_dir):
        self._folders = []
        names = set()
        for node in _file_output_nodes(_compositor_tree(scene)):
            name = _unused_name(safe_name(node.name), names)
            names.add(name)
            folder = os.path.join(partial_dir, name)
            os.makedirs(folder, exist_ok=True)
            _redirect(node, folder)
            self._folders.append((node.name, name, folder))

    def collect(self, output_dir, frame, view_of):
        """Moves what the nodes wrote to `compositor/<node>/` and describes it."""
        files = []
        for node_name, name, folder in self._folders:
            for written in files_below(folder):
                relative_path = _with_frame_number(written, frame)
                move_file(
                    os.path.join(folder, written), os.path.join(output_dir, "compositor", name, relative_path)
                )
                files.append(
                    {
                        "kind": "compositeNode",
                        "relativePath": f"compositor/{name}/{relative_path}",
                        "frame": frame,
                        "compositeNodeName": node_name,
                        **view_of(relative_path),
                    }
                )
        return files


def _compositor_tree(scene):
    if hasattr(scene, "compositing_node_group"):
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def _file_output_nodes(tree, seen=None):
    seen = set() if seen is None else seen
    if tree is None or tree.name in seen:
        return
    seen.add(tree.name)
    for node in tree.nodes:
        if node.bl_idname == "CompositorNodeOutputFile":
            yield node
        elif node.bl_idname == "CompositorNodeGroup":
            yield from _file_output_nodes(node.node_tree, seen)


def _redirect(node, folder):
    if hasattr(node, "file_output_items"):
        node.directory = folder + os.sep
        node.file_name = safe_relative_path(node.file_name)
        for item in node.file_output_items:
            item.name = safe_name(item.name)
        return
    if node.format.file_format == "OPEN_EXR_MULTILAYER":
        # Here the base path is not a folder but the beginning of the file's name.
        file_name = os.path.basename(node.base_path.replace("\\", "/")) or "layers"
        node.base_path = os.path.join(folder, file_name)
        return
    node.base_path = folder + os.sep
    for slot in node.file_slots:
        slot.path = safe_relative_path(slot.path)


def _with_frame_number(path, frame):
    """Since Blender 5 the names of single frames have no number, and each frame would overwrite the last."""
    stem, extension = os.path.splitext(path)
    number = frame_number(frame)
    return path if number in os.path.basename(stem) else f"{stem.rstrip('_')}_{number}{extension}"


def _unused_name(name, taken):
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
