/** Registrable domains under which anyone has an address: they say nothing about where a person works. */
const FREE_MAIL: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es live.com live.co.uk live.de
  live.fr live.nl msn.com passport.com windowslive.com yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.de
  yahoo.fr yahoo.es yahoo.it yahoo.ca yahoo.com.br yahoo.com.au yahoo.com.mx yahoo.in aol.com aol.co.uk aim.com icloud.com me.com mac.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com mail.com email.com usa.com gmx.com gmx.de gmx.net
  gmx.at gmx.ch web.de freenet.de t-online.de arcor.de posteo.de mailbox.org mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru
  yandex.com ya.ru rambler.ru qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com naver.com
  daum.net hanmail.net nate.com rediffmail.com zoho.com zohomail.com fastmail.com fastmail.fm hushmail.com hey.com duck.com
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it tin.it tiscali.it alice.it telefonica.net
  terra.com.br uol.com.br bol.com.br ig.com.br globo.com seznam.cz centrum.cz email.cz wp.pl o2.pl onet.pl interia.pl op.pl abv.bg
  ukr.net i.ua freemail.hu citromail.hu bluewin.ch ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl home.nl telenet.be skynet.be
  telia.com spray.se online.no btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net frontier.com juno.com
  netzero.net rogers.com shaw.ca bell.net sympatico.ca bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz mailinator.com
  guerrillamail.com yopmail.com 10minutemail.com tempmail.com trashmail.com sharklasers.com`.split(/\s+/),
);

/** True when the registrable domain belongs to a mail provider for the public. */
export function isFreeMail(domain: string): boolean {
  return FREE_MAIL.has(domain);
}
