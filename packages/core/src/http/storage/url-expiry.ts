/**
 * When a presigned URL expires, in milliseconds since 1970. Reads the formats of S3 (both signatures), Google Cloud
 * Storage, CloudFront and Azure. Undefined if the URL does not say.
 */
export function readUrlExpiryMs(url: string): number | undefined {
  const query = new Map([...new URL(url).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  for (const prefix of ["x-amz", "x-goog"]) {
    const startMs = readBasicDate(query.get(`${prefix}-date`));
    const seconds = readSeconds(query.get(`${prefix}-expires`));
    if (startMs !== undefined && seconds !== undefined) return startMs + seconds * 1000;
  }
  const expires = readSeconds(query.get("expires"));
  if (expires !== undefined) return expires * 1000;
  const azureMs = Date.parse(query.get("se") ?? "");
  return query.has("sig") && !Number.isNaN(azureMs) ? azureMs : undefined;
}

/** `20260101T000000Z` */
function readBasicDate(value = ""): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function readSeconds(value = ""): number | undefined {
  return /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
