// Passkeys need a script: nothing else in a page can ask the device for one. What cannot work stays hidden.
'use strict';

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

async function post(path, body, headers = {}) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.detail ?? result.error ?? 'That did not work.');
  return result;
}

// Runs what an element asks for, and says beside it what went wrong.
async function act(run) {
  const alert = document.getElementById('passkey-alert');
  alert.hidden = true;
  try {
    await run();
  } catch (error) {
    alert.textContent = error.name === 'NotAllowedError' ? 'No passkey was chosen.' : error.message;
    alert.setAttribute('role', 'alert');
    alert.hidden = false;
  }
}

async function signIn(next) {
  const options = await post('/api/v1/auth/sign-in/passkey/options', {});
  const { rawId, response } = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge) },
  });
  await post('/api/v1/auth/sign-in/passkey', {
    credential: text(rawId),
    user_handle: text(response.userHandle),
    client_data: text(response.clientDataJSON),
    authenticator_data: text(response.authenticatorData),
    signature: text(response.signature),
  });
  location.assign(next);
}

async function add(form) {
  const headers = { 'X-CSRF-Token': form.dataset.csrf };
  const { name, password } = Object.fromEntries(new FormData(form));
  const options = await post('/api/v1/auth/passkeys/options', { password }, headers);
  const { response } = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: options.excludeCredentials.map((each) => ({ ...each, id: bytes(each.id) })),
    },
  });
  await post('/api/v1/auth/passkeys', {
    name, client_data: text(response.clientDataJSON), attestation_object: text(response.attestationObject),
  }, headers);
  location.reload();
}

if (window.PublicKeyCredential) {
  const button = document.getElementById('passkey-sign-in');
  const form = document.getElementById('passkey-add');
  for (const element of [button, form]) element?.removeAttribute('hidden');
  button?.addEventListener('click', () => act(() => signIn(button.dataset.next)));
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    act(() => add(form));
  });
}
