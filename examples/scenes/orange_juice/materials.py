"""Materials of the still life.

They are made for few samples without a denoiser: nothing is sampled at random that could be computed. No refraction,
no light under the skin, and instead of light from all around an emission that depends on where the surface faces.
"""

import bpy

_AMBIENT_UP, _AMBIENT_DOWN = 0.42, 0.16


def matte(name, color, roughness=0.5, ambient=1.0):
    material = _Material(name, color, roughness)
    return material.finish(ambient)


def dimpled(name, color, scale, strength):
    """Orange peel."""
    material = _Material(name, color, 0.4)
    noise = material.node("ShaderNodeTexNoise", Scale=scale)
    bump = material.node("ShaderNodeBump", Strength=strength, Distance=0.02)
    material.link(noise.outputs[0], bump.inputs["Height"])
    material.link(bump.outputs[0], material.shader.inputs["Normal"])
    return material.finish()


def wood(name, light, dark):
    material = _Material(name, light, 0.5)
    coordinates = material.node("ShaderNodeTexCoord")
    mapping = material.node("ShaderNodeMapping", Scale=(0.35, 2.4, 1))
    noise = material.node("ShaderNodeTexNoise", Scale=2.2, Detail=5, Distortion=1.2)
    material.link(coordinates.outputs["Object"], mapping.inputs["Vector"])
    material.link(mapping.outputs[0], noise.inputs["Vector"])
    material.color_from(noise.outputs[0], ((0.35, dark), (0.65, light)))
    return material.finish()


def striped(name, first, second, stripes):
    """Slanted rings, like those of a paper straw."""
    material = _Material(name, first, 0.5)
    coordinates = material.node("ShaderNodeTexCoord")
    wave = material.node("ShaderNodeTexWave", Scale=stripes)
    wave.bands_direction = "DIAGONAL"
    material.link(coordinates.outputs["Object"], wave.inputs["Vector"])
    material.color_from(wave.outputs[0], ((0.0, first), (0.5, second)), interpolation="CONSTANT")
    return material.finish()


def thin_glass(name, tint, milk=0.0):
    """Lets light straight through and shines at its edges and toward the window; `milk` (0 to 1) clouds it, like ice.

    The reflections are painted: a mirror that reflects one ray in ten is all noise.
    """
    material = _Material(name, (0.95, 0.98, 1.0), 0.6)
    clear = material.node("ShaderNodeBsdfTransparent", Color=(*tint, 1))
    shine = material.node("ShaderNodeEmission", Color=(0.85, 0.96, 1.0, 1))
    add = material.node("ShaderNodeAddShader")
    material.link(_shine_strength(material), shine.inputs["Strength"])
    material.link(_clouded(material, clear.outputs[0], milk) if milk else clear.outputs[0], add.inputs[0])
    material.link(shine.outputs[0], add.inputs[1])
    return material.output(add.outputs[0])


def _clouded(material, clear, milk):
    mix = material.node("ShaderNodeMixShader", Fac=milk)
    material.link(clear, mix.inputs[1])
    material.link(material.with_ambient(1.0), mix.inputs[2])
    return mix.outputs[0]


def _shine_strength(material):
    """The edge of the glass, and a window that it mirrors: where the mirrored ray points to the left front."""
    edge = material.node("ShaderNodeLayerWeight", Blend=0.3)
    edge_share = _map_range(material, edge.outputs["Facing"], 0.35, 1.0, 0.0, 0.4)
    coordinates = material.node("ShaderNodeTexCoord")
    towards_window = material.node("ShaderNodeVectorMath")
    towards_window.operation = "DOT_PRODUCT"
    towards_window.inputs[1].default_value = (-0.85, -0.52, 0.0)
    material.link(coordinates.outputs["Reflection"], towards_window.inputs[0])
    window_share = _map_range(material, towards_window.outputs["Value"], 0.9, 0.96, 0.0, 0.35)
    total = material.node("ShaderNodeMath")
    material.link(edge_share, total.inputs[0])
    material.link(window_share, total.inputs[1])
    return total.outputs[0]


def _map_range(material, value, from_low, from_high, to_low, to_high):
    node = material.node("ShaderNodeMapRange")
    for index, limit in enumerate((from_low, from_high, to_low, to_high), start=1):
        node.inputs[index].default_value = limit
    material.link(value, node.inputs[0])
    return node.outputs[0]


class _Material:
    def __init__(self, name, color, roughness):
        self._data = bpy.data.materials.new(name)
        self._data.use_nodes = True
        self._data.node_tree.nodes.clear()
        self._color = self.node("ShaderNodeRGB").outputs[0]
        self._color.default_value = (*color, 1)
        self.shader = self.node("ShaderNodeBsdfPrincipled", Roughness=roughness)

    def node(self, kind, **inputs):
        node = self._data.node_tree.nodes.new(kind)
        for name, value in inputs.items():
            node.inputs[name].default_value = value
        return node

    def link(self, source, target):
        self._data.node_tree.links.new(source, target)

    def color_from(self, factor, stops, interpolation="LINEAR"):
        ramp = self.node("ShaderNodeValToRGB")
        ramp.color_ramp.interpolation = interpolation
        for element, (position, color) in zip(ramp.color_ramp.elements, stops):
            element.position, element.color = position, (*color, 1)
        self.link(factor, ramp.inputs[0])
        self._color = ramp.outputs[0]

    def with_ambient(self, share):
        """The surface's own shader plus light from above (`share` times as much as usual)."""
        self.link(self._color, self.shader.inputs["Base Color"])
        geometry = self.node("ShaderNodeNewGeometry")
        split = self.node("ShaderNodeSeparateXYZ")
        emission = self.node("ShaderNodeEmission")
        add = self.node("ShaderNodeAddShader")
        self.link(geometry.outputs["Normal"], split.inputs[0])
        height = _map_range(self, split.outputs["Z"], -1, 1, _AMBIENT_DOWN * share, _AMBIENT_UP * share)
        self.link(self._color, emission.inputs["Color"])
        self.link(height, emission.inputs["Strength"])
        self.link(self.shader.outputs[0], add.inputs[0])
        self.link(emission.outputs[0], add.inputs[1])
        return add.outputs[0]

    def finish(self, ambient=1.0):
        return self.output(self.with_ambient(ambient))

    def output(self, surface):
        self._keep_from_lighting_others()
        self.link(surface, self.node("ShaderNodeOutputMaterial").inputs[0])
        return self._data

    def _keep_from_lighting_others(self):
        """The sun is the only light: without this, half of the samples would go to the faint glow of the things."""
        settings = self._data.cycles
        if hasattr(settings, "emission_sampling"):
            settings.emission_sampling = "NONE"
        else:
            settings.sample_as_light = False
