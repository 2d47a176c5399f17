// The sign-in page: one card whose step follows what the server says is next. No framework, nothing stored.
const texts = JSON.parse(document.getElementById('texts').textContent);
const byId = (id) => document.getElementById(id);
const say = (key, n) => texts[key].replace('{n}', String(n));

const query = new URLSearchParams(location.search);

/** Where to go afterwards: a path of this very server, or the app. */
const destination = () => {
  const wanted = query.get('return');
  if (wanted === null || !wanted.startsWith('/')) return '/';
  const url = new URL(wanted, location.origin);
  if (url.origin !== location.origin) return '/';
  return url.pathname + url.search + url.hash;
};

let token;
let oneTimePassword;
let signedInEmail = '';

class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? '');
    this.status = status;
    this.reason = problem.details?.reason;
    this.seconds = problem.details?.retryAfterSeconds;
  }
}

const ask = async (method, path, body) => {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(0, {});
  }
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
};

const notice = (text, kind) => {
  const element = byId('notice');
  element.hidden = text === undefined;
  element.textContent = text ?? '';
  element.classList.toggle('danger', kind === 'danger');
};

const show = (id) => {
  for (const step of document.querySelectorAll('[data-step]')) step.hidden = step.id !== id;
  const field = byId(id).querySelector('input:not(.offscreen)');
  const empty = [...byId(id).querySelectorAll('input:not(.offscreen)')].find(
    (input) => input.value === '' && input.closest('[hidden]') === null,
  );
  (empty ?? field)?.focus();
};

const MESSAGES = {
  credentials: 'wrong',
  'totp-invalid': 'totpWrong',
  'password-weak': 'weak',
  'password-same': 'same',
  'password-wrong': 'currentWrong',
};

const explain = (error) => {
  if (!(error instanceof Refused)) return say('failed');
  if (error.status === 0) return say('offline');
  if (error.status === 429) return say('locked', error.seconds ?? 30);
  return say(MESSAGES[error.reason] ?? 'failed');
};

const enrol = async () => {
  const { secret, qrSvg } = await ask('POST', '/auth/totp');
  byId('qr').src = `data:image/svg+xml,${encodeURIComponent(qrSvg)}`;
  byId('secret').textContent = secret.match(/.{1,4}/g).join(' ');
  show('enrol-totp');
};

const leave = async () => {
  const me = await ask('GET', '/auth/me');
  if (me.permissions.includes('imaging.study.read')) location.replace(destination());
  else show('no-images');
};

const follow = async (next) => {
  notice();
  if (next === 'change-password') {
    byId('current-field').hidden = oneTimePassword !== undefined;
    byId('change-password').elements.username.value = signedInEmail;
    show('change-password');
  } else if (next === 'enrol-totp') await enrol();
  else await leave();
};

/** Runs a form's work once at a time and says what went wrong. */
const onSubmit = (id, work) => {
  const form = byId(id);
  const button = form.querySelector('[type=submit]');
  const submit = async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    const label = button.textContent;
    button.setAttribute('aria-disabled', 'true');
    if (id === 'sign-in') button.textContent = say('working');
    notice();
    try {
      await work(form.elements);
    } catch (error) {
      notice(explain(error), 'danger');
    } finally {
      button.removeAttribute('aria-disabled');
      button.textContent = label;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
};

onSubmit('sign-in', async ({ email, password, totp }) => {
  const code = totp.value.replaceAll(/\s/g, '');
  try {
    const issued = await ask('POST', '/auth/login', {
      email: email.value.trim(),
      password: password.value,
      ...(code === '' ? {} : { totp: code }),
    });
    token = issued.accessToken;
    signedInEmail = email.value.trim();
    if (issued.next === 'change-password') oneTimePassword = password.value;
    await follow(issued.next);
  } catch (error) {
    if (error.reason === 'totp-required') {
      byId('totp-field').hidden = false;
      totp.focus();
      return;
    }
    if (error.reason === 'totp-invalid') {
      totp.value = '';
      totp.focus();
    } else if (error.reason === 'credentials') password.select();
    throw error;
  }
});

onSubmit('change-password', async ({ current, next, repeat }) => {
  if (next.value.length < 12) return notice(say('short'), 'danger');
  if (next.value !== repeat.value) return notice(say('mismatch'), 'danger');
  await ask('POST', '/auth/password', { current: oneTimePassword ?? current.value, next: next.value });
  oneTimePassword = undefined;
  const me = await ask('GET', '/auth/me');
  await follow(me.next);
});

onSubmit('enrol-totp', async ({ code }) => {
  try {
    await ask('POST', '/auth/totp/confirm', { code: code.value.replaceAll(/\s/g, '') });
  } catch (error) {
    code.select();
    if (error.status === 400) return notice(say('codeWrong'), 'danger');
    throw error;
  }
  await follow(null);
});

for (const button of document.querySelectorAll('[data-reveal]')) {
  button.addEventListener('click', () => {
    const input = byId(button.dataset.reveal);
    const reveal = input.type === 'password';
    input.type = reveal ? 'text' : 'password';
    button.textContent = say(reveal ? 'hide' : 'show');
    button.setAttribute('aria-pressed', String(reveal));
  });
}
for (const element of document.querySelectorAll('[data-stepnumber]'))
  element.textContent = say('stepOf', element.dataset.stepnumber);

const signOut = async () => {
  await ask('POST', '/auth/sign-out').catch(() => {});
  token = undefined;
  history.replaceState(null, '', location.pathname);
  notice();
  show('sign-in');
};
byId('sign-out').addEventListener('click', () => void signOut());

const start = async () => {
  try {
    // The viewer's tabs take the same lock: a refresh token is good for one use.
    const renew = () => ask('POST', '/auth/refresh');
    const issued = await (navigator.locks === undefined
      ? renew()
      : navigator.locks.request('archwire-refresh', renew));
    token = issued.accessToken;
    if (query.has('sign-out')) return await signOut();
    await follow(issued.next);
  } catch (error) {
    show('sign-in');
    if (error.status === 401) {
      if (query.has('return') && error.reason !== 'no-session') notice(say('ended'));
    } else notice(explain(error), 'danger');
  }
};
void start();
