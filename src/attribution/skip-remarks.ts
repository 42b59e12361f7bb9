import type { DataFile } from '../records/open-file.ts';

const [LINE_FEED, NUMBER_SIGN] = [0x0a, 0x23];

/**
 * The file with the lines of remarks before its header (`# Top Conversion Paths`, as analytics tools write them) as blank lines, so that lines
 * keep their numbers. In UTF-16 remarks stay.
 */
export function skipRemarks(file: DataFile): DataFile {
  return {
    ...file,
    async *bytes() {
      let isBefore = true;
      let isInRemark = false;
      for await (const piece of file.bytes()) {
        let from = 0;
        while (isBefore && from < piece.length) {
          if (!isInRemark && piece[from] !== NUMBER_SIGN && piece[from] !== LINE_FEED && piece[from] !== 0x0d) {
            isBefore = false;
            break;
          }
          const end = piece.indexOf(LINE_FEED, from);
          isInRemark = end < 0 && (isInRemark || piece[from] === NUMBER_SIGN);
          if (end >= 0) yield piece.subarray(end, end + 1);
          from = end < 0 ? piece.length : end + 1;
        }
        if (from < piece.length) yield piece.subarray(from);
      }
    },
  };
}
