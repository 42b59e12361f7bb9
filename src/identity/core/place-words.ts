const pairs = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/[;\n]+/).flatMap((row) => {
      const [to = '', ...from] = row.trim().split(/\s+/);
      return to === '' ? [] : [[to, to] as const, ...from.map((word) => [word, to] as const)];
    }),
  );

/** Words of addresses in one spelling: the short one, then what it is written for. */
export const STREET_WORDS = pairs(
  `st street str strt; ave avenue av aven avn; rd road; blvd boulevard boul bvd bd; dr drive drv; ln lane; ct court crt; pl place plc; sq square sqr; ter terrace terr tce;
  pkwy parkway pkway pky; hwy highway; fwy freeway; expy expressway; cir circle crcl; cres crescent crsnt; aly alley; pt point; rte route; tpke turnpike; trl trail; plz plaza;
  cl close; gdns gardens; gdn garden; gr grove grv; hts heights; hl hill; mt mount; pk park prk; cswy causeway; xing crossing; way wy; wlk walk; mews mws; esp esplanade;
  strasse strase; platz plz-de; weg; allee; gasse; ring; ufer; damm; chaussee chee; rue r; impasse imp; chemin ch chem; quai; cours crs; passage pass; faubourg fg fbg;
  calle c cl-es; avenida avda avd; paseo po pso; plaza-es pza; carretera ctra; camino cno; rua; praca; travessa; largo; via; viale vle; piazza pza-it pzza; corso cso; vicolo;
  straat; laan; plein; gracht; kade; dreef; gatan gata; vagen vag; vej vejen; gade; vei veien; katu; tie; ulica ul; aleja al; plac; ulitsa; prospekt prosp; utca; ut; ter-hu;
  n north; s south; e east; w west; ne northeast; nw northwest; se southeast; sw southwest;
  ste suite; apt apartment appartement; unit; fl floor flr; bldg building bld; rm room; dept department; flat; lvl level; wing; blk block;
  po-box pobox; first 1st; second 2nd; third 3rd; fourth 4th; fifth 5th; sixth 6th; seventh 7th; eighth 8th; ninth 9th; tenth 10th`,
);

/** Words before a unit's number, which is not the number of the house. */
export const UNIT_WORDS: ReadonlySet<string> = new Set('ste apt unit fl rm dept flat lvl'.split(' '));

/** Words of city names in one spelling. */
export const CITY_WORDS = pairs('st saint sankt sint st; ste sainte; ft fort; mt mount; n north; s south; e east; w west; lake lk');

/** The city that another spelling of it means. */
export const SAME_CITY: ReadonlyMap<string, string> = new Map(
  `new york city=new york; nyc=new york; ny=new york; manhattan=new york; la=los angeles; sf=san francisco; philly=philadelphia; washington dc=washington; washington d c=washington;
  munchen=munich; muenchen=munich; koln=cologne; koeln=cologne; wien=vienna; zurich=zurich; zuerich=zurich; geneve=geneva; genf=geneva; basle=basel; bern=berne; milano=milan;
  roma=rome; torino=turin; firenze=florence; napoli=naples; venezia=venice; genova=genoa; nurnberg=nuremberg; nuernberg=nuremberg; hannover=hanover; dusseldorf=duesseldorf;
  frankfurt am main=frankfurt; frankfurt main=frankfurt; frankfurt a m=frankfurt; praha=prague; warszawa=warsaw; krakow=cracow; moskva=moscow; st peterburg=st petersburg;
  kobenhavn=copenhagen; kopenhagen=copenhagen; goteborg=gothenburg; den haag=the hague; s gravenhage=the hague; antwerpen=antwerp; anvers=antwerp; bruxelles=brussels; brussel=brussels;
  gent=ghent; brugge=bruges; lisboa=lisbon; porto=oporto; sevilla=seville; athina=athens; bucuresti=bucharest; beograd=belgrade; kyiv=kiev; mumbai=bombay; bengaluru=bangalore;
  chennai=madras; kolkata=calcutta; gurugram=gurgaon; peking=beijing; tokio=tokyo; ciudad de mexico=mexico city; cdmx=mexico city; mexico df=mexico city; istanbul=istanbul;
  helsingfors=helsinki; abo=turku; lyons=lyon; marseilles=marseille; strassburg=strasbourg; luxemburg=luxembourg; tel aviv yafo=tel aviv; tel aviv jaffa=tel aviv`
    .split(';')
    .map((pair) => {
      const [from = '', to = ''] = pair.trim().split('=');
      return [from, to] as const;
    }),
);
