/** An answer other than 200; the body's shape is the sandbox's choice, since the documentation does not say. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function notFound(what: string): ApiRefusal {
  return new ApiRefusal(404, "not_found", `There is no such ${what} in this workspace.`);
}

export function wrongState(message: string): ApiRefusal {
  return new ApiRefusal(400, "wrong_state", message);
}
