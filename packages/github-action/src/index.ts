// The adapter's entry point. A GitHub Action that renders a Blender scene on Renderjuice as a step of a workflow.
export {};
