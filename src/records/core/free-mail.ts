/** Registrable domains under which anyone has an address: they say nothing about where a person works. */
const FREE_MAIL: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es live.com live.co.uk
  live.de live.fr live.nl msn.com passport.com windowslive.com yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.co.in yahoo.co.jp
  yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.ca yahoo.com.br yahoo.com.au yahoo.com.mx yahoo.in aol.com aol.co.uk aim.com icloud.com
  me.com mac.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com mail.com email.com usa.com
  gmx.com gmx.de gmx.net gmx.at gmx.ch web.de freenet.de t-online.de arcor.de posteo.de mailbox.org mail.ru bk.ru inbox.ru list.ru
  internet.ru yandex.ru yandex.com ya.ru rambler.ru qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com
  189.cn aliyun.com naver.com daum.net hanmail.net nate.com rediffmail.com zoho.com zohomail.com fastmail.com fastmail.fm hushmail.com
  hey.com duck.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it tin.it tiscali.it alice.it
  telefonica.net terra.com.br uol.com.br bol.com.br ig.com.br globo.com seznam.cz centrum.cz email.cz wp.pl o2.pl onet.pl interia.pl
  op.pl abv.bg ukr.net i.ua freemail.hu citromail.hu bluewin.ch ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl home.nl telenet.be
  skynet.be telia.com spray.se online.no btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com
  blueyonder.co.uk comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net
  frontier.com juno.com netzero.net rogers.com shaw.ca bell.net sympatico.ca bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz
  hotmail.nl hotmail.be hotmail.se hotmail.no hotmail.dk hotmail.fi hotmail.gr hotmail.ch hotmail.ca hotmail.com.br hotmail.com.ar
  hotmail.com.mx hotmail.com.au hotmail.co.jp hotmail.co.za outlook.de outlook.fr outlook.es outlook.it outlook.com.br outlook.com.au
  outlook.co.uk outlook.jp outlook.dk outlook.be outlook.ie outlook.in outlook.pt outlook.at live.be live.it live.se live.dk live.no
  live.ca live.at live.ie live.com.au live.com.mx live.com.pt live.cn live.jp live.in msn.cn yahoo.se yahoo.dk yahoo.no yahoo.fi
  yahoo.nl yahoo.be yahoo.pl yahoo.gr yahoo.ie yahoo.at yahoo.ch yahoo.ro yahoo.com.ar yahoo.com.co yahoo.com.pe yahoo.com.ve
  yahoo.com.sg yahoo.com.my yahoo.com.ph yahoo.com.tw yahoo.com.hk yahoo.com.vn yahoo.com.tr yahoo.co.id yahoo.co.kr yahoo.co.nz
  yahoo.co.th yahoo.co.za myyahoo.com aol.de aol.fr aol.it aol.es proton.ch tutamail.com keemail.me mailfence.com runbox.com
  startmail.com disroot.org riseup.net countermail.com gmx.fr gmx.es gmx.co.uk gmx.us gmx.eu gmx.li gmx.info online.de unitybox.de
  unity-mail.de kabelmail.de t-online.hu email.de vodafonemail.de o2online.de o2mail.de netcologne.de ewetel.net osnanet.de
  versanet.de chello.at aon.at inode.at hispeed.ch swissonline.ch ik.me bluemail.ch numericable.fr club-internet.fr cegetel.net
  aliceadsl.fr noos.fr voila.fr mail.fr netcourrier.com caramail.com inwind.it iol.it email.it fastwebnet.it tim.it teletu.it ya.com
  ono.com terra.es terra.com wanadoo.es wanadoo.nl euskaltel.net sapo.pt iol.pt clix.pt netcabo.pt mail.pt casema.nl chello.nl
  upcmail.nl tele2.nl quicknet.nl zonnet.nl hccnet.nl solcon.nl kpnplanet.nl scarlet.be pandora.be belgacom.net voo.be tele2.se
  bredband.net comhem.se home.se swipnet.se telia.se passagen.se bahnhof.se broadpark.no lyse.net getmail.no frisurf.no tele2.no
  stofanet.dk tdcadsl.dk mail.dk webspeed.dk jubii.dk ofir.dk get2net.dk tele.dk elisanet.fi kolumbus.fi luukku.com saunalahti.fi
  suomi24.fi eircom.net indigo.ie iol.ie ntlworld.ie tiscali.co.uk blueyonder.com btopenworld.co.uk freeserve.co.uk fsmail.net
  lineone.net supanet.com talk21.com tesco.net virgin.net madasafish.com onetel.com orange.net plus.com plusnet.com sky.co.uk
  uwclub.net gazeta.pl poczta.fm tlen.pl vp.pl buziaczek.pl autograf.pl spoko.pl amorki.pl interia.eu interia.com onet.eu volny.cz
  post.cz atlas.cz tiscali.cz quick.cz azet.sk centrum.sk zoznam.sk post.sk pobox.sk indamail.hu vipmail.hu mailbox.hu upcmail.hu
  dir.bg mail.bg gbg.bg otenet.gr forthnet.gr in.gr mynet.com superonline.com ttmail.com hotmail.com.tr windowslive.com.tr meta.ua
  bigmir.net email.ua online.ua lenta.ru pochta.ru nm.ru nextmail.ru hotbox.ru qip.ru autorambler.ru myrambler.ru ro.ru narod.ru
  yandex.ua yandex.kz yandex.by tut.by inbox.lv inbox.lt one.lt mail.ee hot.ee delfi.lv walla.com walla.co.il 012.net.il
  netvision.net.il zahav.net.il bezeqint.net barak.net.il vsnl.net vsnl.com sify.com indiatimes.com in.com airtelmail.in tom.com
  188.com 21cn.com eyou.com 263.net wo.cn hinet.net pchome.com.tw seed.net.tw netvigator.com singnet.com.sg starhub.net.sg
  pacific.net.sg streamyx.com tm.net.my docomo.ne.jp ezweb.ne.jp softbank.ne.jp au.com nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp
  excite.co.jp goo.jp infoseek.jp hanmir.com korea.com dreamwiz.com paran.com empal.com lycos.com lycos.co.uk lycos.de lycos.it
  excite.com excite.it hotpop.com netscape.net netscape.com compuserve.com prodigy.net prodigy.net.mx mindspring.com roadrunner.com
  rr.com twc.com windstream.net centurylink.net centurytel.net embarqmail.com q.com qwest.net cableone.net suddenlink.net
  mediacombb.net wowway.com rcn.com peoplepc.com usa.net ameritech.net pacbell.net swbell.net snet.net flash.net nvbell.net wans.net
  frontiernet.net insightbb.com knology.net hughes.net wildblue.net telus.net videotron.ca cogeco.ca eastlink.ca sasktel.net mts.net
  primus.ca vianet.ca iinet.net.au tpg.com.au westnet.com.au ozemail.com.au dodo.com.au adam.com.au aapt.net.au slingshot.co.nz
  orcon.net.nz clear.net.nz paradise.net.nz ihug.co.nz mweb.co.za telkomsa.net webmail.co.za vodamail.co.za iafrica.com absamail.co.za
  oi.com.br r7.com zipmail.com.br superig.com.br globomail.com brturbo.com.br arnet.com.ar fibertel.com.ar ciudad.com.ar speedy.com.ar
  infovia.com.ar une.net.co etb.net.co cantv.net vtr.net inbox.com mail2world.com myway.com lawyer.com consultant.com engineer.com
  europe.com post.com techie.com writeme.com iname.com doctor.com accountant.com dr.com asia.com africamail.com bigfoot.com
  cheerful.com execs.com mail.co.uk onmail.com skiff.com simplelogin.com mozmail.com appleid.com anonaddy.com addymail.com opayq.com
  atomicmail.io canarymail.io mailo.com net-c.com`.split(/\s+/),
);

/** Registrable domains of addresses that are thrown away after use: they say nothing about who somebody is either. */
const DISPOSABLE: ReadonlySet<string> = new Set(
  `mailinator.com mailinator.net mailinator2.com guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz
  guerrillamail.de guerrillamailblock.com grr.la sharklasers.com pokemail.net spam4.me yopmail.com yopmail.fr yopmail.net
  10minutemail.com 10minutemail.net 10minutemail.co.uk 10minmail.com 20minutemail.com 20mail.it tempmail.com tempmail.net
  temp-mail.org temp-mail.io temp-mail.ru tempmail.de tempmail.plus tempmailo.com tempr.email tempinbox.com tempemail.net
  tempmailaddress.com temporarymail.com temporary-mail.net tmpmail.org tmpmail.net tmail.ws tmails.net throwawaymail.com
  throwaway.email throwam.com trashmail.com trashmail.de trashmail.net trashmail.ws trashmail.me trash-mail.com trash-mail.de
  trashymail.com wegwerfmail.de wegwerfmail.net wegwerfmail.org wegwerfemail.de einrot.com discard.email discardmail.com
  discardmail.de spambog.com spambog.de spambog.ru spamgourmet.com spamex.com spamfree24.org spam.la spamavert.com mailnesia.com
  mailcatch.com mailnull.com mailsac.com maildrop.cc mailexpire.com mailmoat.com mailforspam.com mailtemp.info mailtothis.com
  mail-temp.com mailpoof.com mail7.io mail.tm getnada.com nada.email abyssmail.com boximail.com clrmail.com dispostable.com
  dropmail.me emlhub.com emltmp.com yomail.info 10mail.org fakeinbox.com fakemail.net fakemailgenerator.com armyspy.com cuvox.de
  dayrep.com fleckens.hu gustr.com jourrapide.com rhyta.com superrito.com teleworm.us getairmail.com inboxbear.com inboxkitten.com
  incognitomail.com incognitomail.org instantemailaddress.com jetable.org kasmail.com klzlk.com kurzepost.de objectmail.com
  proxymail.eu rcpt.at mytrashmail.com mintemail.com moakt.com moakt.cc moakt.ws moburl.com mt2015.com nepwk.com no-spam.ws
  nospamfor.us nowmymail.com oneoffemail.com pookmail.com quickinbox.com recode.me safetymail.info sneakemail.com sofort-mail.de
  sogetthis.com soodonims.com suremail.info thisisnotmyrealemail.com tradermail.info tyldd.com veryrealemail.com viditag.com
  whyspam.me willselfdestruct.com xagloo.com zehnminutenmail.de zoemail.org zippymail.info anonbox.net anonymbox.com antispam.de
  bugmenot.com burnermail.io byom.de deadaddress.com despam.it devnullmail.com dodgeit.com e4ward.com emailondeck.com emailsensei.com
  emailtemporanea.com emailtemporanea.net emailthe.net emailwarden.com ephemail.net etranquil.com explodemail.com filzmail.com
  get1mail.com getonemail.com gishpuppy.com greensloth.com haltospam.com harakirimail.com hidemail.de hmamail.com hulapla.de
  imails.info luxusmail.org linshiyouxiang.net 1secmail.com 1secmail.org 1secmail.net esiix.com wwjmp.com oosln.com vddaz.com
  minuteinbox.com mohmal.com muellmail.com mvrht.com nwytg.com owlymail.com shitmail.me smailpro.com sute.jp tafmail.com tempm.com
  vomoto.com zetmail.com crazymailing.com mailbox92.biz fexbox.org rover.info inpwa.com fexpost.com mailto.plus any.pink chitthi.in`.split(
    /\s+/,
  ),
);

/** True when the registrable domain belongs to a mail provider for the public, one of throw-away addresses among them. */
export function isFreeMail(domain: string): boolean {
  return FREE_MAIL.has(domain) || DISPOSABLE.has(domain);
}

/** True when the registrable domain is one of throw-away addresses. */
export function isDisposableMail(domain: string): boolean {
  return DISPOSABLE.has(domain);
}
