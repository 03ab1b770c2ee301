/**
 * Turns of phrase after which the crisis lines open by themselves, in English and Spanish: thoughts of
 * suicide and self-harm, harm to others, fear of somebody. How well they do is published in
 * `docs/crisis-phrases.md`.
 *
 * They are looked for and understand nothing. They err on the side of opening: a panel too many is closed
 * with a tap. Text is compared without case, accents and apostrophes; `(a|b)` are alternatives, `?` makes
 * the character or group before it optional, `\w+` is any word.
 */
export const phrases = {
  en: [
    // to die
    'kill(ing)? (my|him|her|them) ?sel(f|ves)',
    'kms',
    'unalive',
    'su[i]?cid(al|ial|el)',
    '(commit|committing|attempt|attempted|consider|considering|contemplating|about|of|by) suicide',
    'suicide (note|plan|attempt)',
    '(i|ive) (attempted|tried) (again|to (die|end it|overdose))',
    'end(ing)? (my|their|her|his) (own )?li(fe|ves)',
    'end(ing)? it all',
    'want (it|this|it all|everything) to (end|be over)',
    'want to (end it|be gone|disappear)',
    'disappear (for good|forever)',
    'tak(e|ing) my (own )?life',
    '(want|wants|wanted|wanna|ready|rather|prefer|ways|how|deserve) (to )?(just )?(die|be dead)',
    'wish(ing|ed)? (that )?i (was|were|would be|had been|had never been|was never|were never) (dead|gone|born)',
    '(shouldnt|should not|should never) have been born',
    '(if|hope|hoping|wish|pray|praying|want) (that )?(i|to) (\\w+ )?(not |never |didnt |dont |wont )?(just )?(not )?(ever )?wake up',
    'never wake up',
    '(god|he) (takes?|would take) me',
    '(better|happier|easier)( off)?( place)? (without me|w o me|if i (was|were|am) (dead|gone))',
    'if i (died|was dead|were dead|was gone|were gone|disappeared)',
    '(dont|do not|didnt|cant|cannot|can not) (really |even )?(want|wanna|wish) (to )?(live|be alive|exist|keep living|keep going|be here any ?more|be around)',
    '(dont|do not) want to be( here)?( any ?more)?$',
    '(cant|cannot|can not) (go on|keep going|keep living|(do|take) (this|it) any ?more)',
    '(reason|point) (to|in|of) (live|living|being alive|staying alive|be alive|go on|going on|existing|any of it)',
    'nothing (left )?to live for',
    '(tired|sick) of (living|being alive)',
    'done with (life|living)',
    '(life )?(is|isnt|not) (not )?worth living',
    '(cant|cannot|dont|do not) see (a|any|my) future',
    '(wont|will not|might not|dont think i will|dont think ill) be (around|here|alive) (for|when|much longer|tomorrow|next|by)',
    '(only one|no other|no) way out',
    'stop (it |the pain )?(forever|for good)',
    // plans and goodbyes
    'have a plan and',
    '(have|got|saving up|saving|saved|stashed|hiding) (up )?(the|my|enough|all my) pills',
    '(wrote|written|writing|left) (a |my |goodbye )*(note|notes|letter|letters) (to|for) (my|the) (family|kids|parents|mom|husband|wife|children|loved ones)',
    'this is (goodbye|my goodbye|the end)',
    'by the time (you|u|anyone) (read|reads|get|gets) this',
    'affairs in order',
    'bought a (rope|gun)',
    '(use|using|used) it on my ?self',
    '(hang|shoot|drown|starve|burn|poison|cut|hurt|harm|hit|injure)(ing)? my ?self',
    '(jump|jumping|jumped) (off|from|in front of)',
    '(about|almost|nearly) (jumping|jumped)',
    '(step|stepping|walk|walking|jump|jumping) in front of (a|the|my) (train|bus|truck|car)',
    '(let|letting) go of the wheel',
    '(crash|crashing|drive|driving) (my|the) car (on purpose|into|off)',
    // overdose
    'overdos(e|ed|ing)',
    '(take|took|taken|taking|swallow|swallowed) (\\w+ )?(all|a bunch|a lot|too many|too much|the whole|a whole|like [0-9]+|about [0-9]+|[0-9]+) (\\w+ )?(\\w+ )?(\\w+ )?(pills|meds|medication|tablets|bottle)',
    // self-harm
    'self ?harm(ed|ing)?',
    '(been|started|stopped|stop) cutting( again)?$',
    'cutting again',
    '(cut|cutting|slit|slitting|burn|burning) (my|her|his|their) (wrists?|veins|arms?|legs?|thighs?|throat)',
    'hitting my head',
    'razor blades?',
    '(urges?|want|wanting) to (cut|hurt|harm)',
    'do something (to my ?self|stupid|bad|drastic|i cant take back)',
    '(trust|safe|alone) (with |by )?my ?self',
    'trust my ?self (to be )?(alone|tonight)',
    // harm to others
    '(kill|hurt|harm|stab|shoot|strangle)(ed|ing)? (him|her|them|somebody|someone|people|everyone|my (\\w+ )?(husband|wife|partner|roommate|mother|mom|stepmom|father|dad|stepdad|brother|sister|boss|coworkers?|kids?|child|children|baby|son|daughter|neighbou?r|ex))',
    '(make|making) (them|him|her) pay',
    '(almost|nearly) (killed|strangled|stabbed|shot|hit)',
    '(bring|bringing|take|taking) (my|a) gun',
    // danger from somebody
    '(going to|gonna|will|wants to|threaten(s|ed|ing)? to|tried to|try to) (kill|hurt|hit|shoot|strangle) (me|us)',
    'threaten(s|ed|ing)? me',
    '(hits|hit|beats|beat|chokes|choked|strangled|strangles|hurting|hitting|raped|rapes|raping|abusing) me( again)?',
    'forced me (to have sex|into)',
    'ha(s|ve|d) a (gun|knife)',
    'with a (gun|knife)',
    '(afraid|scared|fear|fearing) (for|of) (my (life|safety)|what (he|she|they|my \\w+) (will|might|would|could) do)',
    '(not|dont feel|do not feel|never feel) safe (at home|here|with (him|her|them|my \\w+)|tonight|right now|alone)',
  ],
  es: [
    '(matarme|suicidarme|suicidarse|ahorcarme|colgarme|dispararme|ahogarme|envenenarme)',
    '(me|se) (quiero|quiere|queria|quisiera|voy a|va a) (matar|morir|suicidar|ahorcar|colgar|quitar la vida|cortar|lastimar)',
    '[qk](uiero|iero|uisiera|ueria) (ya )?(morir|morirme|estar muert(a|o)|desaparecer)',
    '(deseo|prefiero|preferiria|desearia) (morir|morirme|estar muert(a|o)|no haber nacido)',
    'ojala (ya )?(me muriera|me muera|estuviera muert(a|o)|no despertara)',
    '(dormirme?|acostarme) y (ya )?no despertar',
    'no (volver a )?despertar',
    'dios (que )?(ya )?me lleve',
    '(pienso|pensando|pensado|pensamientos|hablando|habla|intento|intente|ideas?) (de|en|del|sobre) (el |la )?(suicidio|suicidarme|muerte|morir|morirme|matarme)',
    'intent(o|e|os) de suicidio',
    '(pensamientos|ideas) suicidas',
    'quit(arme|ar|andome) la vida',
    '(acabar|terminar) con (mi vida|todo)',
    '(acabe|termine) todo',
    '(mi|la) vida (ya )?no (tiene sentido|vale)',
    'no quiero (vivir|seguir|existir|estar aqui|estar viv(a|o)|despertar)',
    '(para que|caso a|sentido|ganas de|no puedo) (seguir viviendo|vivir)',
    'no (puedo|aguanto|soporto) mas',
    '(cansad(a|o)|hart(a|o)) de (vivir|la vida)',
    'no (vale|merece) la pena (vivir|seguir)',
    '(razon|razones|motivo|motivos) para (vivir|seguir)',
    'si (yo )?(me muero|me muriera|no existiera|no estuviera)',
    'mejor (muert(a|o)|sin mi|no hubiera nacido)',
    '(no hubiera|no haber) nacido',
    'desaparecer para siempre',
    'soltar el volante',
    'no creo llegar a',
    // planes y despedidas
    '(tengo|guardando|juntando|guarde) (las|mis|unas|muchas)? ?pastillas',
    'tengo un plan y',
    '(carta|nota) de despedida',
    'esta es mi despedida',
    'cuando (lea|leas|lean) esto',
    'pienso en (aventarme|tirarme|saltar|usarla|usarlo|tomarme)',
    'casi me (tiro|aviento|mato)',
    '(tirarme|aventarme|lanzarme) (de|del|al|por)',
    // sobredosis
    'sobredosis',
    '(tomarme|tome|tomo|tomar) (\\w+ )?(todo|todas|muchas|demasiadas|un monton|el frasco)',
    // autolesión
    'autolesion(arme|es)?',
    '(hacerme|me hago|me hice|hacerse) dano',
    '(lastimarme|me lastimo|cortarme|me corto|me lastime (otra vez|anoche|de nuevo))',
    'me (volvi a|estoy) (cortar|cortando|lastimar|lastimando)',
    'me corte (otra vez|anoche|los brazos|las venas|las munecas|de nuevo)',
    'se (esta|anda) (cortando|lastimando|haciendo dano)',
    'hacer (una locura|una tonteria)',
    // daño a otros
    'l(o|a|os|as|e) (quiero|voy a|quisiera) (matar|lastimar|hacer dano)',
    '(matarl|lastimarl|acuchillarl)(o|a|os|as)',
    'pensamientos de (lastimar|matar|hacer dano|hacerle dano)',
    'que (mate|lastime) a',
    'hacer(le|les) dano a',
    // en peligro
    'me (va a|quiere|quiso|puede|amenazo con|amenaza con) (matar|ahorcar|hacer dano|lastimar|pegar)',
    'me (pega|golpea|pego|golpeo|ahorca|ahorco|violo|amenaza|amenazo)',
    'me (obligo|forzo|obliga|fuerza) a',
    'con un (cuchillo|arma|pistola|machete)',
    '(tiene|hay) una? (pistola|arma|cuchillo)',
    'miedo por mi (vida|seguridad)',
    'miedo de lo que (me|nos) (haga|pueda hacer)',
    'no (me siento|estoy) (segur(a|o)|a salvo)',
  ],
} as const;

/** What such words are often part of without meaning it, and plain denials: taken out first. */
const harmless = [
  // not me, not now
  '(would|could|will|id|ill) never (hurt|kill|harm) (my ?self|anyone|anybody)',
  '(not|never|no longer|wasnt|im not|am not|isnt|arent|werent) (feeling )?suicidal',
  '(not|never) (thinking (of|about)|planning|going to|about to|want to|wanted to) (hurt|kill|harm|die)(ing)?( my ?self)?( or anyone( else)?)?',
  '(no|any|zero|without) (\\w+ )?(thoughts|ideas|urges|ideation)( (of|about|to) (suicide|self ?harm|dying|death|hurt|hurting my ?self))?',
  '(dont|do not|didnt|did not) (really )?(want|wanna) to die',
  '(havent|have not|didnt|did not) (self ?harm(ed)?|hurt my ?self|cut my ?self)',
  '(nobody|no one|nadie) (is |me )?(hurting|hits|hitting|threatening|hurts|pega|golpea|amenaza)( me)?',
  'no (tengo|he tenido) (pensamientos|ideas|ganas) (suicidas|de (morir|morirme|suicidio|matarme|hacerme dano))',
  'sin (cortarme|lastimarme|hacerme dano)',
  'no me quiero (morir|matar)',
  'no (soy|estoy|era) suicida',
  '(asks?|asked|preguntan?) (about|por) (\\w+ )?(suicid\\w+|self ?harm)( thoughts| ideation)?( de suicidio)?',
  // figures of speech
  'looks could kill',
  '(would|wouldnt|wont|didnt) kill (him|her|them|you|me) to',
  '(thought|thinking|felt like) i was going to die',
  'going to kill me if',
  'jumped off (the|a) (dock|boat|diving board|swing|couch|bed)',
  'dying (to|for|laughing|of laughter)',
  'scared to death',
  '(hit|beat|hits) me (up|to it|that|with a question|at|like|hard)',
  '(kill|killing|killed) (him|her|them|it|time) (at|in)',
  '(muero|morir|morirme|morirse|muert(a|o)) de (risa|hambre|sueno|ganas|cansancio|frio|calor|pena|verguenza)',
  '(jefe|jefa|mama|mami|esposo|esposa|profe|papa) me va a matar',
  // accidents and other things
  '(cut|hurt|burn(ed|t)?) my ?self (some slack|off|shaving|cooking|chopping|slicing|at the gym|running|playing|lifting|skiing|falling|on (a|the))',
  'me corte (el pelo|el cabello|cocinando|afeitandome|el dedo)',
  // suicide as a subject
  'suicide (prevention|squad|awareness|hotline|training)',
  '(prevencion|prevenir|linea) (del|de|el) suicidio',
] as const;

const danger = new RegExp(`\\b(${[...phrases.en, ...phrases.es].join('|')})(?![a-z0-9])`);
const innocent = new RegExp(`\\b(${harmless.join('|')})\\b`, 'g');

/** Whether a text holds words of danger. The text stays here: nobody is told, nothing is kept. */
export function holdsDanger(text: string): boolean {
  return sentences(text).some((sentence) => danger.test(sentence.replace(innocent, ' ')));
}

/** Sentence by sentence: letters, digits and single spaces; no case, no accents, no apostrophes. */
function sentences(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’‘`´]/g, '')
    .toLowerCase()
    .split(/[.!?\n;:]+/)
    .map((sentence) => sentence.replace(/[^a-z0-9]+/g, ' ').trim());
}
