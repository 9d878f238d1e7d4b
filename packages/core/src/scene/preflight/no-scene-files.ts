/** Files that operating systems and Blender leave next to a scene. */
const CLUTTER = /^(\._.*|\.DS_Store|__MACOSX|Thumbs\.db|\.renderjuice|.*\.blend\d+)$/i;
const SECRET_FOLDERS = /^\.(git|svn|hg|ssh|gnupg|aws|azure|gcloud|docker|kube)$/i;
const SECRET_FILES = [
  /^\.env(\..*)?$/i,
  /^[._]netrc$/i,
  /^\.(npmrc|pypirc|git-credentials|htpasswd)$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)$/i,
  /^(credentials|secrets)(\.(json|ya?ml|toml|ini))?$/i,
  /^(client_secret|service[-_]account).*\.json$/i,
  /\.(pem|key|ppk|p12|pfx|jks|keystore|kdbx)$/i,
];
/** Enough for what is ASCII in them, and several times faster than UTF-8 for bytes that are not text. */
const LATIN_1 = new TextDecoder("latin1");
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File/;

/** Whether a file or folder is never part of a scene, such as `._shot.blend`, which macOS writes next to `shot.blend`. */
export function isClutter(name: string): boolean {
  return name.split("/").some((segment) => CLUTTER.test(segment));
}

/** Whether programs keep keys or passwords under this path, such as `.env` or `.ssh/config`. */
export function isSecretName(name: string): boolean {
  const segments = name.split("/");
  return (
    segments.some((segment) => SECRET_FOLDERS.test(segment)) ||
    SECRET_FILES.some((pattern) => pattern.test(segments.at(-1) ?? ""))
  );
}

/** @param head the first bytes of a file */
export function isPrivateKey(head: Uint8Array): boolean {
  return PRIVATE_KEY.test(LATIN_1.decode(head));
}
