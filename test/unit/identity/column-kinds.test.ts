import { describe, expect, it } from 'vitest';
import { guessColumnKinds } from '../../../src/identity/core/column-kinds.ts';
import { columnNames } from '../../../src/records/core/header.ts';

describe('kinds of columns', () => {
  const kindsOf = (header: string, ...rows: string[]) =>
    guessColumnKinds(
      columnNames(header.split(',')),
      rows.map((row) => row.split(',')),
    ).map(({ kind }) => kind);

  it.each<[string, string[], string]>([
    ['id,First Name,Surname,DOB,E-mail,cluster', ['1,Ann,Lee,1971-02-03,ann@x.com,7'], 'id,first_name,last_name,date,email,ignore'],
    [
      'rec_id,given_name,surname,street_number,address_1,suburb,postcode,state,soc_sec_id',
      ['r1,ann,lee,7,x st,y,2119,sa,180'],
      'id,first_name,last_name,address,address,city,postcode,text,identifier',
    ],
    [
      'id,name,addr,city,phone,type',
      ["1,art's deli,12224 ventura,studio city,818/762-1221,american"],
      'id,company,address,city,phone,text',
    ],
    ['id,name,dob', ['1,William Shaw,1971-02-03', '2,Mary Holt,1980-01-02'], 'id,full_name,date'],
    ['rec_id,title,authors,venue,year', ['1,The A,B C,VLDB,1999', '2,The D,E F,SIGMOD,1998'], 'id,text,text,text,date'],
    ['id,title,manufacturer,price', ['1,Office,Microsoft,9.99', '2,Works,Corel,5'], 'id,text,text,ignore'],
    ['fname_c1,lname_c1,by,bm,bd', ['Carsten,Meier,1949,7,22', 'Gerd,Bauer,1968,7,27'], 'first_name,last_name,date,text,text'],
    [
      'Kundennr,Vorname,Nachname,Straße,PLZ,Ort',
      ['1,Jo,M,Weg 1,10115,Berlin', '2,Ute,K,Weg 2,10115,Berlin'],
      'id,first_name,last_name,address,postcode,city',
    ],
    ['voter_id,first_name,midl_name,last_name,zip_code', ['1,a,b,c,27601', '2,d,e,f,27602'], 'id,first_name,text,last_name,postcode'],
    ['recid,givenname,surname,age', ['1,a,c,41', '2,d,f,37'], 'id,first_name,last_name,text'],
    ['TID,CID,CTID,title,artist', ['1,7,1,A B C,D', '2,7,2,A B C,E'], 'id,ignore,ignore,text,text'],
    ['voter_id,first_name,last_name', ['1,a,c', '1,d,f'], 'identifier,first_name,last_name'],
    [
      'EMP_NO,FNAME,LNAME,BDATE,ADDRESS1,PHONE2',
      ['7,A,L,19670412,1 Main,4155552671', '8,B,R,19710101,2 Main,4155552672'],
      'id,first_name,last_name,date,address,phone',
    ],
    [
      'Last Name (Surname),Forename(s),LinkedIn URL,Contact owner',
      ['Lee,Ann,https://linkedin.com/in/ann,Bob', 'Ray,Bo,https://linkedin.com/in/bo,Bob'],
      'last_name,first_name,identifier,ignore',
    ],
    ['tran_fi,name,email', ['a,Zyx Quorn,z.quorn@x.com', 'b,Wev Blint,wblint@y.com'], 'text,full_name,email'],
    [',name,email', ['0,Acme,hi@acme.com', '1,Bee,hi@bee.com'], 'id,company,email'],
    ['Contact ID,Account Name,Website,Created Date', ['a,Acme,acme.com,2020-01-01'], 'id,company,domain,ignore'],
  ])('%s', (header, rows, wanted) => {
    expect(kindsOf(header, ...rows)).toEqual(wanted.split(','));
  });
});
