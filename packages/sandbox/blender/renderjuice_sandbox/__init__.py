"""What the sandbox does inside Blender: analyze a scene and render its frames. Works in Blender 3.0 to 5.x."""
