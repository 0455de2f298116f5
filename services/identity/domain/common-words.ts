/**
 * The words that most common passwords are made of, written down by us from what every list of leaked passwords shows.
 * Bounded on purpose: passwords of twelve characters and more that are in such lists are these words, repeated, joined or
 * dressed with digits, and the rules take them apart.
 */
const words = `
  password passwort passw pass passcode secret geheim private login logon signin user username admin administrator root
  guest test testing tester demo sample example changeme change default letmein let mein open sesame welcome willkommen
  hello hallo bonjour hola goodbye iloveyou love lover liebe amour amor baby babygirl honey sweet sweetheart angel princess
  prince queen king master hunter shadow dragon monkey tiger lion eagle wolf bear horse pony kitty puppy dog cat fish
  ball football baseball basketball soccer hockey golf tennis sport liverpool arsenal chelsea barcelona madrid juventus
  superman batman spiderman starwars startrek pokemon naruto matrix ninja samurai pirate wizard magic merlin phoenix
  summer winter spring autumn sommer januar january february march april june july august september october november
  december monday tuesday wednesday thursday friday saturday sunday flower rose sunshine rainbow star moon sun sky ocean
  freedom peace heaven jesus christ god bless faith hope lucky happy cool super good nice best great awesome forever always
  never trust trustno nothing whatever internet computer laptop server system windows linux google facebook twitter
  instagram youtube amazon apple samsung microsoft android iphone github gitlab docker kubernetes postgres postgresql
  database mysql oracle java python javascript typescript coder hacker hack access account security secure key token
  michael michelle jordan jennifer jessica ashley daniel thomas robert andrew charlie george anthony william matthew
  joshua amanda nicole maggie buster ginger pepper cookie chocolate cheese banana orange purple yellow silver golden
  black white green blue red mustang ferrari porsche mercedes harley corvette yamaha diamond money dollar million
  quantum qubit qubits hub quantumhub computing science physics schroedinger schrodinger heisenberg einstein feynman
  correct battery staple correcthorsebatterystaple the and you your for with this that one two three four five six
  qwerty qwertz azerty asdf zxcv qazwsx qaz wsx edc rfv tgb yhn ujm qweasd qweasdzxc abcd abc xyz aaa zzz
  1q2w3e4r 1q2w3e q1w2e3r4 1qaz2wsx zaq1 xsw2 2wsx3edc qwer asdfgh
  company office work worker school student teacher university college london berlin paris madrid america england france
`;

export const commonWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));
