/** One word for the ways in which a word of company names is shortened. */
export const SHORT_WORDS: ReadonlyMap<string, string> = new Map(
  `intl international; int international; internat international; natl national; nat national; mfg manufacturing; manuf manufacturing; mfr manufacturing;
  mfrs manufacturing; svc service; svcs services; serv services; srvs services; servs services; sys systems; syst systems; tech technology; techs technologies;
  technol technology; assn association; assoc associates; assocs associates; bros brothers; mgmt management; mgt management; mngt management; dev development;
  devel development; eng engineering; engr engineering; engrg engineering; inds industries; ind industries; indus industries; indl industrial;
  ins insurance; univ university; hosp hospital; ctr center; cntr center; centre center; dept department; govt government; grp group; gp group; hldg holding;
  hldgs holdings; hlds holdings; hdg holding; pharm pharmaceuticals; pharma pharmaceuticals; pharms pharmaceuticals; lab laboratory; labs laboratories; telecom
  telecommunications; telecoms telecommunications; comms communications; commun communications; communicatns communications; comm communications; fin financial; fincl
  financial; finl financial; bancorp bancorp; bancorporation bancorp; bncorp bancorp; bk bank; bks banks; elec electric; electr electric; chem chemical; chems chemicals;
  petr petroleum; petrol petroleum; prod products; prods products; res research; rsch research; ent enterprises; ents enterprises; entmt entertainment;
  entertmnt entertainment; dist distribution; distr distribution; distrib distributors; inv investments; invs investments; invt investment; invts investments;
  props properties; prop properties; rlty realty; transp transportation; trans transport; equip equipment; mtg mortgage; mtrs motors; mach machinery; machs machines;
  matls materials; hlth health; med medical; meds medicines; therap therapeutics; amer american; am america; saint st; sainte ste; mount mt; fort ft; nrth north; no north; so south;
  cie compagnie; cia compania; soc society; ges gesellschaft; gebr gebruder; hnos hermanos; co-op cooperative; coop cooperative; consol consolidated; cons consulting;
  constr construction; const construction; advtg advertising; mktg marketing; acctg accounting; cap capital; sec securities; secs securities; sav savings; svgs savings; fed
  federal; fdn foundation; found foundation; inst institute; inc inc; wks works; pub publishing; publ publishing; publs publishers; ltg lighting; semicond semiconductor;
  solns solutions; sol solutions; solut solutions; netwk network; netwks networks; software software; sw software; aerosp aerospace; hwy highway; rest restaurant; ristorante restaurant;
  electron electronics; elecs electronics; instrs instruments; instr instruments; labor laboratories; ctrs centers; auto automotive; automot automotive; pwr power;
  enr energy; envir environmental; environ environmental; exch exchange; explor exploration; expl exploration; res resources; stds standards; strs stores; supermkts supermarkets`
    .split(';')
    .map((pair) => {
      const [short = '', whole = ''] = pair.trim().split(/\s+/);
      return [short, whole] as const;
    })
    // what is short for several words stays itself
    .filter(
      ([short]) =>
        ![
          'res',
          'sec',
          'no',
          'so',
          'am',
          'int',
          'ind',
          'sol',
          'cap',
          'labor',
          'const',
          'inc',
          'dist',
          'pub',
          'trans',
          'rest',
          'nat',
          'enr',
        ].includes(short),
    ),
);

/** Legal forms in full within a name, where no end is to be cut: `Oil-Dri Corporation of America`. */
export const INNER_SHORT: ReadonlyMap<string, string> = new Map(
  'corporation corp; company co; incorporated inc; limited ltd'.split('; ').map((pair) => pair.split(' ') as [string, string]),
);

/** Words that join, and are left out wherever they stand. */
export const CONNECTIVES: ReadonlySet<string> = new Set('and und et og och en e y'.split(' '));

/** Articles, left out at the front and (`Boeing Company, The`) at the end. */
export const ARTICLES: ReadonlySet<string> = new Set('the la le les el los las il lo gli der die das de het den'.split(' '));

/** Words at the end that tell a parent, a holding or a branch from the company, seldom one company from another. */
export const TAIL_WORDS: ReadonlySet<string> = new Set(
  `group holding holdings gruppe groupe grupo gruppo groep koncern konzern international global worldwide public companies corporate corporation
  headquarters hq branch zweigniederlassung niederlassung filiale sucursal succursale subsidiary intermediate parent com`.split(/\s+/),
);

/** Words that tell one company of a group from the others. */
export const PARTS_OF_GROUP: ReadonlySet<string> = new Set(
  `capital ventures leasing finance financing treasury immobilien realty real estate property properties grundbesitz verwaltung verwaltungs
  vermogensverwaltung beteiligung beteiligungs beteiligungen stiftung foundation trustee trustees nominees pension pensions fund funds fonds
  insurance reinsurance versicherung services reit i ii iii iv v vi vii viii ix x 1 2 3 4 5 6 7 8 9`.split(/\s+/),
);

/** Words of so many names that sharing one tells little, also where a short list has them once. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `group holding holdings international global worldwide world company enterprises enterprise industries industry industrial service services solution
  solutions system systems technology technologies software consulting consultants partners associates management ventures capital investment investments
  trading products works studio studios media digital energy power health healthcare medical pharmaceuticals financial finance bank bancorp insurance
  trust real estate properties property development engineering construction manufacturing logistics transport transportation foods food restaurant
  hotel hotels retail stores shop travel airlines telecom telecommunications communications network networks electronics electric resources
  mining gold oil gas petroleum chemical chemicals materials steel water environmental security data cloud analytics design marketing
  advertising research laboratories laboratory institute university school college hospital clinic center american national united first
  general new north south east west central royal european british german france deutsche of for de du des di da del della van von the
  brothers sons institut verlag gesellschaft versicherung stiftung verein bau haus technik handel immobilien energie motors motor auto automotive bio
  therapeutics biosciences sciences science interactive entertainment games sports fitness home homes house life labs online web mobile app apps
  plus pro one metro city reit`.split(/\s+/),
);

/** A country or region at the end of a subsidiary's name → ISO 3166-1 alpha-2. */
export const COUNTRY_WORDS: ReadonlyMap<string, string> = new Map(
  `us us; usa us; united states us; united states of america us; uk gb; united kingdom gb; great britain gb; gb gb; england gb; britain gb; scotland gb; wales gb;
  ireland ie; deutschland de; germany de; de de; allemagne de; alemania de; germania de; france fr; frankreich fr; francia fr; fr fr; espana es; spain es;
  spanien es; espagne es; iberia es; iberica es; portugal pt; italia it; italy it; italien it; italie it; nederland nl; netherlands nl; the netherlands nl;
  holland nl; benelux nl; belgium be; belgique be; belgie be; belgien be; luxembourg lu; osterreich at; oesterreich at; austria at; schweiz ch; switzerland ch; suisse ch;
  svizzera ch; sverige se; sweden se; schweden se; danmark dk; denmark dk; norge no; norway no; suomi fi; finland fi; iceland is; polska pl; poland pl; polen pl; czech
  republic cz; czechia cz; cesko cz; cr cz; slovakia sk; slovensko sk; hungary hu; magyarorszag hu; romania ro; bulgaria bg; hellas gr; greece gr; turkiye tr; turkey tr;
  russia ru; rossiya ru; ukraine ua; ukraina ua; croatia hr; hrvatska hr; slovenia si; slovenija si; serbia rs; srbija rs; canada ca; mexico mx; brasil br; brazil br; argentina ar;
  chile cl; colombia co; peru pe; australia au; new zealand nz; nz nz; india in; china cn; hong kong hk; hk hk; taiwan tw; japan jp; nippon jp; korea kr; singapore sg;
  malaysia my; indonesia id; thailand th; vietnam vn; philippines ph; uae ae; dubai ae; middle east ae; saudi arabia sa; ksa sa; egypt eg; israel il;
  south africa za; nigeria ng; kenya ke; north america us; americas us; america us; europe eu; emea eu; eu eu; apac sg; asia sg; latam mx; latin america mx; africa za; nordic se; nordics se`
    .split(';')
    .map((pair) => {
      const words = pair.trim().split(/\s+/);
      return [words.slice(0, -1).join(' '), words.at(-1) ?? ''] as const;
    }),
);

/** Names of which the country is a part: Air France, Bank of America. */
export const COUNTRY_BELONGS_AFTER: ReadonlySet<string> = new Set(
  `of de del do da di d for in air bank banco banca banque telecom telekom telecommunications tv radio post poste posta national university
  universitat airlines airways royal first gas electric energy energie power rail railways steel oil petroleum`.split(/\s+/),
);

/** What stands between a company's name and another that it goes by. */
export const ALIAS_MARKS =
  /\s(?:d\s?[/.]\s?b\s?[/.]\s?a\.?|dba|t\s?[/.]\s?a\.?|ta:|a\s?[/.]\s?k\s?[/.]\s?a\.?|aka|f\s?[/.]\s?k\s?[/.]\s?a\.?|fka|n\s?[/.]\s?k\s?[/.]\s?a\.?|o\s?[/.]\s?a\.?|doing business as|trading as|operating as|formerly known as|formerly|also known as|now known as)[\s:]/i;

/** Ends of web names that are written as names: Booking.com. */
export const WEB_ENDING =
  /^([a-z0-9][a-z0-9-]*[a-z0-9])\.(?:com|net|org|io|ai|co|app|dev|de|fr|nl|eu|us|uk|in|biz|info|tv|me|ly|so|gg|xyz|tech|cloud|shop|store|online)$/;
