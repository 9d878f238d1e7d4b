// The adapter's entry point. Sends work from Maya to the Renderjuice render farm through its command port.
export {};
