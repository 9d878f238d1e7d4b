// The adapter's entry point. AWS Thinkbox Deadline 10 event and render plugins for the Renderjuice render farm.
export {};
