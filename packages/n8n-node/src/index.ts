// The adapter's entry point. n8n nodes for the Renderjuice render farm: scene in, frames out.
export {};
