"""File Output nodes: kept inside the job's folder, and collected after each frame."""

import os

import bpy

from .output_files import files_below
from .safe_name import frame_number, safe_name, safe_relative_path
from .scene_failure import SceneFailure


class CompositorOutputs:
    """Makes every File Output node of the file write into a separate folder below `work_dir`, also in other scenes,
    since a scene strip runs its scene's compositor."""

    def __init__(self, scene, work_dir):
        self._folders = []
        names = set()
        for node in _file_output_nodes(scene):
            name = _unused_name(safe_name(node.name), names)
            names.add(name)
            folder = os.path.join(work_dir, name)
            os.makedirs(folder, exist_ok=True)
            _redirect(node, folder)
            self._folders.append((node.name, name, folder))

    def collect(self, outbox, frame, view_of):
        """Posts what the nodes wrote, as `compositor/<node>/…`."""
        files = []
        for node_name, name, folder in self._folders:
            for written in files_below(folder):
                relative_path = _with_frame_number(written, frame)
                files.append(
                    outbox.post(
                        os.path.join(folder, written),
                        kind="compositeNode",
                        relativePath=f"compositor/{name}/{relative_path}",
                        frame=frame,
                        compositeNodeName=node_name,
                        **view_of(relative_path),
                    )
                )
        return files


def _file_output_nodes(scene):
    """Those of the rendered scene come first, so they keep their names."""
    scenes = [scene, *(other for other in bpy.data.scenes if other != scene)]
    trees = [tree for tree in map(_compositor_tree, scenes) if tree is not None]
    groups = [group for group in bpy.data.node_groups if group not in trees]
    for tree in trees + groups:
        yield from (node for node in tree.nodes if node.bl_idname == "CompositorNodeOutputFile")


def _compositor_tree(scene):
    if hasattr(scene, "compositing_node_group"):
        return scene.compositing_node_group
    # Also those that are not in use, since that can be animated.
    return scene.node_tree


def _redirect(node, folder):
    _point_into(node, folder)
    target = getattr(node, "directory", None) or node.base_path
    if not target.startswith(folder + os.sep):
        raise SceneFailure("unsafe_scene", f'File Output node "{node.name}" cannot be kept inside the job.')


def _point_into(node, folder):
    if hasattr(node, "file_output_items"):
        node.directory = folder + os.sep
        node.file_name = safe_relative_path(node.file_name)
        for item in node.file_output_items:
            item.name = safe_name(item.name)
        return
    if node.format.file_format == "OPEN_EXR_MULTILAYER":
        # Here the base path is not a folder but the start of the file name.
        file_name = os.path.basename(node.base_path.replace("\\", "/")) or "layers"
        node.base_path = os.path.join(folder, file_name)
        return
    node.base_path = folder + os.sep
    for slot in node.file_slots:
        slot.path = safe_relative_path(slot.path)


def _with_frame_number(path, frame):
    """Since Blender 5 the names of single frames have no number, so each frame would overwrite the last one."""
    stem, extension = os.path.splitext(path)
    number = frame_number(frame)
    return path if number in os.path.basename(stem) else f"{stem.rstrip('_')}_{number}{extension}"


def _unused_name(name, taken):
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
