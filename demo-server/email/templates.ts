import type { Role } from '../../protocol/person.ts';

/** What a mail says, twice: as text and as HTML. */
export type Letter = {
  readonly language: string;
  /** Whom it is from, as an inbox shows it: the portal, never the practice. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/**
 * The letter that says that there is a new message, the same for everybody of one role and language. Nothing
 * goes in but the link, so nothing of anybody's can come out.
 */
export function letterFor(role: Role, locale: string, link: string): Letter {
  const { language, ...words } = wordsIn(locale)[role];
  return {
    language,
    from: words.from,
    subject: words.subject,
    text: textOf(words, link),
    html: htmlOf(words, link, language),
  };
}

type Words = {
  readonly from: string;
  readonly subject: string;
  readonly why: string;
  readonly open: string;
  /** In the words of the help article; the name of the service is left out. */
  readonly crisis: string;
  readonly settings: string;
  readonly noReply: string;
};

/** The words by language; a client and a provider each have a portal of their own. */
const words = {
  en: englishFor,
  es: spanishFor,
} as const satisfies Record<string, (role: Role) => Words>;

function wordsIn(locale: string) {
  const language = languageOf(locale);
  const inLanguage = (role: Role) => ({ language, ...words[language](role) });
  return { client: inLanguage('client'), provider: inLanguage('provider') } as const;
}

function englishFor(role: Role): Words {
  const portal = `${role} portal`;
  return {
    from: role === 'client' ? 'Client portal' : 'Provider portal',
    subject: `You have a new message in your ${portal}`,
    why: 'To protect your privacy, the message is not shown in this email. Log in to read it and to answer.',
    open: 'Log in and read the message',
    crisis:
      'Disclaimer: Messaging is not an emergency service. If you or someone you know is in crisis or needs immediate help, please call emergency services such as 911 or +1 800-273-8255 to speak with a crisis counselor.',
    settings: `You can turn these emails off, and on again, in the notification settings of your ${portal}. If you don’t find them there, contact the Support Team.`,
    noReply: `Please don’t reply to this email: nobody would read it. Answer in your ${portal}.`,
  };
}

function spanishFor(role: Role): Words {
  const portal = role === 'client' ? 'portal del cliente' : 'portal del proveedor';
  return {
    from: role === 'client' ? 'Portal del cliente' : 'Portal del proveedor',
    subject: `Tiene un mensaje nuevo en su ${portal}`,
    why: 'Para proteger su privacidad, el mensaje no se muestra en este correo. Inicie sesión para leerlo y responder.',
    open: 'Iniciar sesión y leer el mensaje',
    crisis:
      'Aviso: la mensajería no es un servicio de emergencia. Si usted o alguien que conoce está en crisis o necesita ayuda inmediata, llame a los servicios de emergencia, como el 911, o al +1 800-273-8255 para hablar con un consejero de crisis.',
    settings: `Puede desactivar estos correos, y volver a activarlos, en la configuración de notificaciones de su ${portal}. Si no la encuentra allí, comuníquese con el equipo de Soporte.`,
    noReply: `No responda a este correo: nadie leería su respuesta. Responda en su ${portal}.`,
  };
}

function languageOf(locale: string): keyof typeof words {
  try {
    return new Intl.Locale(locale).language === 'es' ? 'es' : 'en';
  } catch {
    return 'en';
  }
}

function textOf(
  { subject, why, open, crisis, settings, noReply }: Omit<Words, 'from'>,
  link: string,
): string {
  return [subject, why, `${open}:\n${link}`, crisis, settings, noReply, ''].join('\n\n').trimEnd() + '\n';
}

/**
 * One document without pictures or anything else to fetch. Colours stand twice: at each element for mail programs
 * that drop the style sheet, and in it for those that know of the dark.
 */
function htmlOf(
  { subject, why, open, crisis, settings, noReply }: Omit<Words, 'from'>,
  link: string,
  language: string,
): string {
  return `<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${escaped(subject)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background: #17151c !important; color: #f1eff5 !important; }
  .card { background: #24212c !important; border-color: #413c4e !important; }
  .soft { color: #bcb6c9 !important; }
  .quiet { color: #c9b8ff !important; }
  .button { background: #c9b8ff !important; color: #221a3a !important; }
  .crisis { border-color: #ff9d8c !important; }
}
@media (max-width: 30em) {
  .ground { padding: 0.5em !important; }
  .card { padding: 1.25em !important; }
}
</style>
</head>
<body class="ground" style="background:#f4f2f8;color:#26222f;font:100%/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;margin:0;padding:1.5em;-webkit-text-size-adjust:100%">
<main class="card" style="background:#ffffff;border:1px solid #dcd7e6;border-radius:1em;margin:0 auto;max-width:34em;overflow-wrap:break-word;padding:2em">
<h1 style="font-size:1.375em;line-height:1.3;margin:0 0 0.75em">${escaped(subject)}</h1>
<p style="margin:0 0 1.5em">${escaped(why)}</p>
<p style="margin:0 0 2em"><a class="button" href="${escaped(link)}" target="_blank" rel="noopener noreferrer" style="background:#5a3fa8;border-radius:0.625em;color:#ffffff;display:inline-block;font-weight:600;padding:0.75em 1.25em;text-decoration:none">${escaped(open)}</a></p>
<p class="crisis" style="border-left:0.25em solid #b3331f;margin:0 0 2em;padding:0 0 0 0.875em">${dialable(crisis)}</p>
<p class="soft" style="color:#5e576b;font-size:0.875em;margin:0 0 0.75em">${escaped(settings)}</p>
<p class="soft" style="color:#5e576b;font-size:0.875em;margin:0">${escaped(noReply)}</p>
</main>
</body>
</html>
`;
}

/** The numbers in it dial. */
function dialable(text: string): string {
  return escaped(text).replaceAll(
    /\+?\d[\d -]*\d{2}\b/g,
    (number) =>
      `<a class="quiet" href="tel:${number.replaceAll(/[ -]/g, '')}" style="color:#5a3fa8;font-weight:600">${number}</a>`,
  );
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
