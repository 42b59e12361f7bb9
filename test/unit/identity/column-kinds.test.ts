import { describe, expect, it } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';
import { GuessedRows, guessColumnKinds } from '../../../src/identity/core/column-kinds.ts';
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
    ['fname_c1,lname_c1,by,bm,bd', ['Carsten,Meier,1949,7,22', 'Gerd,Bauer,1968,7,27'], 'first_name,last_name,date,date,date'],
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
    ['PERSON_ID,PERNAME1,PERNAME2,DOB_DAY,DOB_MON,DOB_YEAR', ['1,A,B,1,2,1970'], 'id,first_name,last_name,date,date,date'],
    ['id,forename,birth_month,birth_year', ['1,Ann,2,1970'], 'id,first_name,text,date'],
    ['LEI,Entity.LegalName,Entity.LegalAddress.City', ['5299,Acme AG,Bern'], 'identifier,company,city'],
    ['company_number,name,previous_name', ['17,Acme,Old Acme', '18,Bee,Old Bee'], 'identifier,company,text'],
    ['label,city', ['Acme Foods,Bern', 'Bee Motors,Ayr'], 'company,city'],
    ['name,label', ['Acme Foods,1', 'Bee Motors,0'], 'company,ignore'],
    [
      '番号,姓,名,生年月日,住所,郵便番号,電話番号,会社名',
      ['1,佐藤,愛,1990/06/03,港区,104-0110,03-6491-9884,A'],
      'id,last_name,first_name,date,address,postcode,phone,company',
    ],
    ['Фамилия,Имя,Дата рождения,Город', ['Иванов,Иван,1990-01-02,Омск'], 'last_name,first_name,date,city'],
    ['who,where,code', ['Ann,12 High Street,SO16 7HD', 'Bob,4 Mill Road,PO1 3EB'], 'text,address,postcode'],
    [
      'mention_id,raw_inventor_name_first,raw_inventor_name_last,raw_city,raw_assignee_organization',
      ['m1,Ann,Lee,Bern,Acme AG', 'm2,Bo,Ray,Ayr,Bee'],
      'id,first_name,last_name,city,company',
    ],
    // of an employer or a spouse beside the person's own
    [
      'employer_name,employer_city,first_name,last_name,spouse_first_name,spouse_phone,phone,mailing_address,mailing_city',
      ['Acme,Bern,Ann,Lee,Bo,415 555 2671,415 555 2672,1 Main,Ayr'],
      'company,ignore,first_name,last_name,text,ignore,phone,address,city',
    ],
    ['Employer City,First Name,Spouse Last Name', ['Bern,Ann,Lee'], 'city,first_name,last_name'],
    [
      'Billing Street,Billing City,Shipping Street,Shipping City,Name',
      ['1 Main,Bern,2 Main,Ayr,Acme'],
      'address,city,ignore,ignore,company',
    ],
    ['name,street,city,Mailing City', ['Acme,1 Main,Bern,Ayr'], 'company,address,city,ignore'],
    [
      'firstname,middlename,lastname,housenum,streetname,unit_number,city,birthyear',
      ['Ann,B,Lee,7,Main St,2,Bern,1971'],
      'first_name,text,last_name,address,address,address,city,date',
    ],
    ['fname,stNo,add1,add2,areacode,ADDR_TYPE', ['Ann,7,Main St,Upper,2119,HOME'], 'first_name,address,address,address,postcode,text'],
    ['first_name,area code,phone', ['Ann,415,5552671'], 'first_name,ignore,phone'],
    ['first_name,PASSPORT_NUMBER,PASSPORT_COUNTRY', ['Ann,X19277260X,CH'], 'first_name,identifier,ignore'],
    ['First Name,Company,Company Linkedin Url', ['Ann,Acme,http://www.linkedin.com/company/acme'], 'first_name,company,ignore'],
    ['Company,Company Linkedin Url', ['Acme,http://www.linkedin.com/company/acme'], 'company,identifier'],
    ['PassengerId,Name,Sex,Age', ['1,Zyx Quorn,male,22', '2,Wev Blint,female,38'], 'id,full_name,text,text'],
    // the year in which a row was written, beside a date of birth
    ['first_name,dob,year', ['Ann,1971-02-03,2020'], 'first_name,date,ignore'],
    ['first_name,birth_year', ['Ann,1971'], 'first_name,date'],
    ['first_name,dob', ['Ann,14-MAR-71'], 'first_name,date'],
    ['first_name,account_no,medicare_num', ['Ann,415-555-2671,839-71-348167'], 'first_name,text,identifier'],
    ['Contact ID,Account Name,Website,Created Date', ['a,Acme,acme.com,2020-01-01'], 'id,company,domain,ignore'],
  ])('%s', (header, rows, wanted) => {
    expect(kindsOf(header, ...rows)).toEqual(wanted.split(','));
  });
});

describe('a date in three columns', () => {
  const kinds = ['date', 'date', 'date'] as const;
  const read = (labels: string[], ...cells: string[]) => {
    const builder = new TableBuilder(kinds, labels);
    builder.add(cells);
    builder.addAscii(...asciiCells(cells));
    const { date } = builder.finish(Uint32Array.of(0, 1));
    return Array.from(date?.codes ?? [], (code) => date?.values.at(code) ?? '');
  };

  it.each<[string[], string[], string]>([
    [['by', 'bm', 'bd'], ['1949', '7', '22'], '19490722'],
    [['DOB_DAY', 'DOB_MON', 'DOB_YEAR'], ['22', 'JUL', '1949'], '19490722'],
    [['birth_day', 'birth_month', 'birth_year'], ['', '7', '1949'], '19490000'],
    [['birth_day', 'birth_month', 'birth_year'], ['22', '7', ''], ''],
    // a whole date in each: the first that is filled
    [['dob', 'date of birth', 'born'], ['', '1949-07-22', '1950-01-01'], '19490722'],
  ])('%s: %s', (labels, cells, wanted) => {
    expect(read(labels, ...cells)).toEqual([wanted, wanted]);
  });
});

/** Cells as they stand in a file, with their bounds. */
function asciiCells(cells: readonly string[]): [Uint8Array, Int32Array] {
  let at = 0;
  const bounds = cells.flatMap((cell) => {
    const from = at;
    at += cell.length;
    return [from, at];
  });
  return [new TextEncoder().encode(cells.join('')), Int32Array.from(bounds)];
}

it('columns are guessed by all rows of most files, of wide rows by fewer', () => {
  const rowsOf = (cells: readonly string[]) => {
    const rows = new GuessedRows();
    while (!rows.isEnough) rows.add(cells);
    return rows.cells.length;
  };
  expect(rowsOf(['1', 'Ann'])).toBe(20_000);
  expect(rowsOf(['1', 'x'.repeat(99_999)])).toBe(100);
});
